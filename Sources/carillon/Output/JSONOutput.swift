import Foundation
import JobModel

/// JSON as the program prints it: keys sorted and in snake case, times in ISO 8601, absent where there is nothing to say.
enum JSONOutput {
  /// Several lines, for a command's only document.
  static func document(_ value: some Encodable) throws(CommandError) -> String { try encode(value, [.prettyPrinted]) }

  /// One line, for a stream.
  static func line(_ value: some Encodable) throws(CommandError) -> String { try encode(value, []) }

  private static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws(CommandError) -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    do {
      return closingUp(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      throw CommandError(.fault, "cannot write the answer as JSON: \(error)")
    }
  }

  /// Foundation prints an empty list or object over three lines. A string has no line breaks, so none can be mistaken.
  static func closingUp(_ json: String) -> String { json.replacing(/([\[{])\n\n *([\]}])/) { "\($0.1)\($0.2)" } }

  /// A stored JSON text as a value; text that is none becomes a string.
  static func value(_ text: String?) -> JSONValue? {
    guard let text, !text.isEmpty else { return nil }
    do {
      return try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    } catch {
      return .string(text)  // a plugin may have said anything
    }
  }
}
