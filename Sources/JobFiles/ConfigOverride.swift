import Foundation
package import JobModel

/// One key of a configuration set from the command line: `source.folder=/photos`, `sizes.0.width=200`, `force=true`.
package struct ConfigOverride: Hashable, Sendable {
  /// Keys from the outermost; in a list, an index.
  package var path: [String]
  package var value: JSONValue

  /// Reads `key=value`. The value is read as a job file would a plain scalar; one that begins with `[`, `{` or `"` is JSON.
  /// Throws `override`.
  package init(parsing text: String) throws(JobFileError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw JobFileError(.override, "--set \(text): must be key=value")
    }
    path = parts[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ !$0.isEmpty }) else {
      throw JobFileError(.override, "--set \(text): \"\(parts[0])\" is no key")
    }
    value = try Self.value(String(parts[1]), of: text)
  }

  private static func value(_ text: String, of override: String) throws(JobFileError) -> JSONValue {
    if let first = text.first, "[{\"".contains(first) {
      do {
        return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
      } catch {
        throw JobFileError(.override, "--set \(override): the value begins as JSON but is not valid JSON")
      }
    }
    switch YAMLScalar(text, isPlain: true) {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .double(let value): return .double(value)
    case .text(let value): return .string(value)
    case .invalid(let message): throw JobFileError(.override, "--set \(override): \(message)")
    }
  }

  /// The configuration with the key set; mappings on the way are made. Throws `override` where a value on the way holds no
  /// keys.
  package func applied(to config: JSONValue) throws(JobFileError) -> JSONValue { try apply(to: config, path[...]) }

  private func apply(to node: JSONValue, _ rest: ArraySlice<String>) throws(JobFileError) -> JSONValue {
    guard let step = rest.first else { return value }
    switch node {
    case .object(var members):
      members[step] = try apply(to: members[step] ?? .null, rest.dropFirst())
      return .object(members)
    case .array(var items):
      guard let index = Int(step), items.indices.contains(index) else {
        throw JobFileError(
          .override, "--set \(path.joined(separator: ".")): the list has \(items.count) values; \"\(step)\" is none of them")
      }
      items[index] = try apply(to: items[index], rest.dropFirst())
      return .array(items)
    case .null: return .object([step: try apply(to: .null, rest.dropFirst())])
    default:
      throw JobFileError(
        .override, "--set \(path.joined(separator: ".")): \"\(step)\" would stand below a value that holds no keys")
    }
  }
}
