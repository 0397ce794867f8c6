package import JobModel

/// A job as it stands in a file.
package struct JobFile: Sendable {
  /// As the caller named the file.
  package let path: String
  /// Where its name stands.
  package let nameMark: SourceMark
  /// Where its plugin stands.
  package let pluginMark: SourceMark
  package private(set) var definition: JobDefinition
  private let config: YAMLNode
  private let configMark: SourceMark
  private var overridden: [[String]] = []

  init(
    path: String, nameMark: SourceMark, pluginMark: SourceMark, definition: JobDefinition, config: YAMLNode,
    configMark: SourceMark
  ) {
    self.path = path
    self.nameMark = nameMark
    self.pluginMark = pluginMark
    self.definition = definition
    self.config = config
    self.configMark = configMark
  }

  /// Sets a key of the configuration, as `--set` asks. Throws `override`.
  package mutating func apply(_ override: ConfigOverride) throws(JobFileError) {
    definition.config = try override.applied(to: definition.config)
    overridden.append(override.path)
  }

  /// What a plugin says of the configuration, led back to where it stands in the file.
  /// - Parameter pointer: RFC 6901; empty for the whole configuration.
  package func finding(isError: Bool, pointer: String, message: String) -> JobFinding {
    let steps = Self.steps(of: pointer)
    if let option = overridden.last(where: { steps.starts(with: $0) && !$0.isEmpty }) {
      return JobFinding(
        isError: isError, file: "--set \(option.joined(separator: "."))", job: definition.name, message: message)
    }
    let place = place(of: steps)
    return JobFinding(
      isError: isError, file: path, mark: place.mark, key: place.key, job: definition.name, message: message)
  }

  private static func steps(of pointer: String) -> [String] {
    pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { (step: Substring) -> String in
      String(step).replacing("~1", with: "/").replacing("~0", with: "~")
    }
  }

  /// The nearest place in the file: that of the value if it is a scalar, of its key if it is more, of what should hold it if
  /// it is not there.
  private func place(of steps: [String]) -> (mark: SourceMark, key: String) {
    var node = config
    var mark = configMark
    var key = "config"
    var isThere = true
    for step in steps {
      let index = Int(step)
      switch node.content {
      case .mapping(let members) where isThere:
        key += ".\(step)"
        if let member = members.first(where: { $0.key == step }) {
          node = member.value
          mark = node.scalarText == nil ? member.keyMark : node.mark
        } else {
          isThere = false
        }
      case .sequence(let items) where isThere && index.map(items.indices.contains) == true:
        key += "[\(step)]"
        node = items[index ?? 0]
        mark = node.mark
      default:
        key += index == nil ? ".\(step)" : "[\(step)]"
        isThere = false
      }
    }
    return (mark, key)
  }
}
