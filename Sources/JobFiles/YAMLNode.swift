/// A YAML value and where it stands.
struct YAMLNode: Sendable {
  struct Member: Sendable {
    var key: String
    var keyMark: SourceMark
    var value: YAMLNode
  }

  enum Content: Sendable {
    /// A scalar's text; `isPlain` if it is neither quoted nor tagged as text, so that `5` and `true` mean what they look like.
    case scalar(String, isPlain: Bool)
    /// Keys are unique, in the order of the file.
    case mapping([Member])
    case sequence([YAMLNode])
  }

  var mark: SourceMark
  var content: Content

  /// What to call it in a message: `text`, `a number`, `a list`, ….
  var kind: String {
    switch content {
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .scalar(let text, let isPlain):
      switch YAMLScalar(text, isPlain: isPlain) {
      case .null: "nothing"
      case .bool: "true or false"
      case .int, .double: "a number"
      case .text, .invalid: "text"
      }
    }
  }

  /// No value at all: `key:` with nothing behind it.
  var isEmpty: Bool {
    guard case .scalar(let text, let isPlain) = content else { return false }
    return YAMLScalar(text, isPlain: isPlain) == .null
  }

  /// The text of a scalar, whatever it looks like; nil for a mapping or a list.
  var scalarText: String? {
    guard case .scalar(let text, _) = content else { return nil }
    return text
  }
}
