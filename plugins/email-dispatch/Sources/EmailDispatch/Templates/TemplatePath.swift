/// The name of a value in a template: a dotted path, or a dot alone for the innermost value.
struct TemplatePath: Hashable, Sendable {
  let text: String

  /// As far as the first dot.
  private let first: String

  /// Behind it; nil: there is none.
  private let rest: String?

  init(_ text: String) {
    self.text = text
    let dot = text == "." ? nil : text.utf8.firstIndex(of: UInt8(ascii: "."))
    first = dot.map { String(text[..<$0]) } ?? text
    rest = dot.map { String(text[text.utf8.index(after: $0)...]) }
  }

  /// Mustache's rule: the first name is looked for from the inside out, those behind its dots only within it.
  func look(in stack: [Value]) -> Value? {
    if text == "." { return stack.last }
    for value in stack.reversed() {
      guard case .object(let members) = value, let found = members[first] else { continue }
      guard let rest else { return found }
      return found[path: rest]
    }
    return nil
  }
}
