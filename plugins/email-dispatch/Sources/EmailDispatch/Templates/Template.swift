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
    case variable(Variable)
    /// A variable outside of all sections: its value is found and escaped once for all its places.
    case slot(Int)
    case section(path: String, isInverted: Bool, [Token], TemplatePlace)
  }

  /// A value at one place.
  struct Variable: Sendable {
    let path: String
    var escaping: Escaping
    let place: TemplatePlace
  }

  private let tokens: [Token]
  private let slots: [Variable]
  private let literalLength: Int

  init(tokens: [Token]) {
    var slots: [Variable] = []
    var numbers: [Key: Int] = [:]
    var length = 0
    self.tokens = tokens.map { token in
      if case .text(let text) = token { length += text.utf8.count }
      guard case .variable(let variable) = token else { return token }
      let key = Key(path: variable.path, escaping: variable.escaping)
      if let number = numbers[key] { return .slot(number) }
      numbers[key] = slots.count
      slots.append(variable)
      return .slot(slots.count - 1)
    }
    self.slots = slots
    literalLength = length
  }

  private struct Key: Hashable {
    let path: String
    let escaping: Escaping
  }

  /// Whether its text is not the same for everybody.
  package var hasVariables: Bool {
    tokens.contains { if case .text = $0 { false } else { true } }
  }

  /// The text for these values. Throws `EmailDispatchError.template` with file and line for a variable that is missing, or whose
  /// value has no place there.
  package func render(_ values: Value) throws(EmailDispatchError) -> String {
    var stack = [values]
    let found = try resolve(stack)
    var out = ""
    out.reserveCapacity(literalLength + 512)
    try Self.render(tokens, found, &stack, into: &out)
    return out
  }

  /// Throws as `render`, and is faster.
  package func check(_ values: Value) throws(EmailDispatchError) {
    var stack = [values]
    _ = try resolve(stack)
    for token in tokens {
      guard case .section = token else { continue }
      var out = ""
      try Self.render([token], [], &stack, into: &out)
    }
  }

  private func resolve(_ stack: [Value]) throws(EmailDispatchError) -> [String] {
    var found: [String] = []
    found.reserveCapacity(slots.count)
    for variable in slots {
      var text = ""
      try Self.append(variable, stack, to: &text)
      found.append(text)
    }
    return found
  }

  private static func append(_ variable: Variable, _ stack: [Value], to out: inout String) throws(EmailDispatchError) {
    guard let value = look(variable.path, stack) else { throw missing(variable, "is missing") }
    guard let shown = value.shown else {
      throw missing(variable, value == .null ? "is null" : "is a list or an object, not a text")
    }
    if let reason = variable.escaping.append(shown, to: &out) { throw missing(variable, reason) }
  }

  private static func render(
    _ tokens: [Token], _ found: [String], _ stack: inout [Value], into out: inout String
  ) throws(EmailDispatchError) {
    for token in tokens {
      switch token {
      case .text(let text):
        out += text
      case .slot(let number):
        out += found[number]
      case .variable(let variable):
        try append(variable, stack, to: &out)
      case .section(let path, let isInverted, let inner, _):
        let value = look(path, stack) ?? .null
        guard value.isTrue != isInverted else { continue }
        if isInverted {
          try render(inner, found, &stack, into: &out)
        } else if case .list(let values) = value {
          for value in values {
            stack.append(value)
            try render(inner, found, &stack, into: &out)
            stack.removeLast()
          }
        } else {
          stack.append(value)
          try render(inner, found, &stack, into: &out)
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

  private static func missing(_ variable: Variable, _ reason: String) -> EmailDispatchError {
    EmailDispatchError(.template, "\(variable.place.file):\(variable.place.line): {{\(variable.path)}} \(reason)")
  }
}

extension Template.Token {
  /// The same as parts of a URL: every value is percent-encoded but for one that begins it.
  static func encodingURL(_ tokens: [Template.Token]) -> [Template.Token] {
    var isBegun = false
    return encodingURL(tokens, &isBegun)
  }

  private static func encodingURL(_ tokens: [Template.Token], _ isBegun: inout Bool) -> [Template.Token] {
    var out: [Template.Token] = []
    for token in tokens {
      switch token {
      case .variable(var variable) where isBegun && variable.escaping == .line:
        variable.escaping = .urlPart
        out.append(.variable(variable))
      case .section(let path, let isInverted, let inner, let place):
        out.append(.section(path: path, isInverted: isInverted, encodingURL(inner, &isBegun), place))
      case .text, .variable, .slot: out.append(token)
      }
      isBegun = true
    }
    return out
  }
}
