/// What kind of text a template makes, and so how values are escaped in it.
package enum TemplateKind: String, Hashable, Sendable {
  case html
  case text = "txt"
  /// One line of a header, or a URL: no line breaks.
  case line
}

/// Where in which template file something stands.
package struct TemplatePlace: Hashable, Sendable {
  package let file: String
  package let line: Int
}

/// A template, read: Mustache with layouts as partials. Nothing in it is left to be found while it is rendered but the values.
package struct Template: Sendable {
  enum Token: Sendable {
    case text(String)
    case variable(path: String, Escaping, TemplatePlace)
    case section(path: String, isInverted: Bool, [Token], TemplatePlace)
  }

  let tokens: [Token]

  /// Whether its text is not the same for everybody.
  package var hasVariables: Bool {
    tokens.contains { if case .text = $0 { false } else { true } }
  }

  /// The text for these values. Throws `EmailDispatchError.template` with file and line for a variable that is missing, or whose
  /// value has no place there.
  package func render(_ values: Value) throws(EmailDispatchError) -> String {
    var stack = [values]
    var out = ""
    try Self.render(tokens, &stack, into: &out)
    return out
  }

  private static func render(_ tokens: [Token], _ stack: inout [Value], into out: inout String) throws(EmailDispatchError) {
    for token in tokens {
      switch token {
      case .text(let text):
        out += text
      case .variable(let path, let escaping, let place):
        guard let value = look(path, stack) else { throw missing(path, place, "is missing") }
        guard let shown = value.shown else {
          throw missing(path, place, value == .null ? "is null" : "is a list or an object, not a text")
        }
        if let reason = escaping.append(shown, to: &out) { throw missing(path, place, reason) }
      case .section(let path, let isInverted, let inner, _):
        let value = look(path, stack) ?? .null
        guard value.isTrue != isInverted else { continue }
        if isInverted {
          try render(inner, &stack, into: &out)
        } else if case .list(let values) = value {
          for value in values {
            stack.append(value)
            try render(inner, &stack, into: &out)
            stack.removeLast()
          }
        } else {
          stack.append(value)
          try render(inner, &stack, into: &out)
          stack.removeLast()
        }
      }
    }
  }

  /// Mustache's rule: the first name is looked for from the inside out, those behind its dots only within it.
  private static func look(_ path: String, _ stack: [Value]) -> Value? {
    if path == "." { return stack.last }
    let first = path.firstIndex(of: ".").map { String(path[..<$0]) } ?? path
    for value in stack.reversed() {
      guard case .object(let members) = value, let found = members[first] else { continue }
      guard first.utf8.count < path.utf8.count else { return found }
      return found[path: String(path.dropFirst(first.count + 1))]
    }
    return nil
  }

  private static func missing(_ path: String, _ place: TemplatePlace, _ reason: String) -> EmailDispatchError {
    EmailDispatchError(.template, "\(place.file):\(place.line): {{\(path)}} \(reason)")
  }

  /// The same with every value percent-encoded but for one that begins it: a URL.
  package var percentEncoding: Template {
    var isBegun = false
    return Template(tokens: Self.encoding(tokens, &isBegun))
  }

  private static func encoding(_ tokens: [Token], _ isBegun: inout Bool) -> [Token] {
    var out: [Token] = []
    for token in tokens {
      switch token {
      case .text: out.append(token)
      case .variable(let path, .line, let place) where isBegun: out.append(.variable(path: path, .urlPart, place))
      case .variable: out.append(token)
      case .section(let path, let isInverted, let inner, let place):
        out.append(.section(path: path, isInverted: isInverted, encoding(inner, &isBegun), place))
      }
      isBegun = true
    }
    return out
  }
}
