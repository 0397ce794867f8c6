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
    case section(path: TemplatePath, isInverted: Bool, [Token], TemplatePlace)
  }

  /// A value at one place.
  struct Variable: Sendable {
    let path: TemplatePath
    var escaping: Escaping
    let place: TemplatePlace
  }

  /// Literal text, and what stands behind it: outside of all sections a template is a list of these.
  private struct Step: Sendable {
    let literal: Range<Int>
    let next: Next
  }

  private enum Next: Sendable {
    case slot(Int)
    case section(Int)
    case end
  }

  private let steps: [Step]
  private let slots: [Variable]
  private let sections: [Token]

  /// UTF-8.
  private let literals: [UInt8]

  init(tokens: [Token]) {
    var steps: [Step] = []
    var slots: [Variable] = []
    var numbers: [Key: Int] = [:]
    var sections: [Token] = []
    var literals: [UInt8] = []
    var start = 0
    for token in tokens {
      let next: Next
      switch token {
      case .text(let text):
        literals += text.utf8
        continue
      case .variable(let variable):
        let key = Key(path: variable.path, escaping: variable.escaping)
        let number = numbers[key] ?? slots.count
        if number == slots.count { slots.append(variable) }
        numbers[key] = number
        next = .slot(number)
      case .section:
        next = .section(sections.count)
        sections.append(token)
      }
      steps.append(Step(literal: start..<literals.count, next: next))
      start = literals.count
    }
    steps.append(Step(literal: start..<literals.count, next: .end))
    self.steps = steps
    self.slots = slots
    self.sections = sections
    self.literals = literals
  }

  private struct Key: Hashable {
    let path: TemplatePath
    let escaping: Escaping
  }

  /// Whether its text is not the same for everybody.
  package var hasVariables: Bool { steps.count > 1 }

  /// The text for these values. Throws `EmailDispatchError.template` with file and line for a variable that is missing, or whose
  /// value has no place there.
  package func render(_ values: Value) throws(EmailDispatchError) -> String {
    let found = try resolve(values)
    var out: [UInt8] = []
    out.reserveCapacity(literals.count + 1_024)
    try literals.withUnsafeBufferPointer { (literals) throws(EmailDispatchError) in
      try found.octets.withUnsafeBufferPointer { (octets) throws(EmailDispatchError) in
        for step in steps {
          out.append(contentsOf: UnsafeBufferPointer(rebasing: literals[step.literal]))
          switch step.next {
          case .slot(let number): out.append(contentsOf: UnsafeBufferPointer(rebasing: octets[found.slots[number]]))
          case .section(let number): try render(section: number, values, into: &out)
          case .end: break
          }
        }
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Throws as `render`, and is faster.
  package func check(_ values: Value) throws(EmailDispatchError) {
    var out = try resolve(values).octets
    for number in sections.indices { try render(section: number, values, into: &out) }
  }

  /// Variables outside of all sections, escaped: each is found once for all its places.
  private struct Found {
    var octets: [UInt8] = []
    var slots: [Range<Int>] = []
  }

  private func resolve(_ values: Value) throws(EmailDispatchError) -> Found {
    var found = Found()
    found.octets.reserveCapacity(256)
    found.slots.reserveCapacity(slots.count)
    let stack = [values]
    for variable in slots {
      let start = found.octets.count
      try Self.append(variable, stack, to: &found.octets)
      found.slots.append(start..<found.octets.count)
    }
    return found
  }

  private func render(section number: Int, _ values: Value, into out: inout [UInt8]) throws(EmailDispatchError) {
    var stack = [values]
    try Self.render([sections[number]], &stack, into: &out)
  }

  private static func append(_ variable: Variable, _ stack: [Value], to out: inout [UInt8]) throws(EmailDispatchError) {
    guard let value = variable.path.look(in: stack) else { throw missing(variable, "is missing") }
    guard let shown = value.shown else {
      throw missing(variable, value == .null ? "is null" : "is a list or an object, not a text")
    }
    if let reason = variable.escaping.append(shown, to: &out) { throw missing(variable, reason) }
  }

  private static func render(_ tokens: [Token], _ stack: inout [Value], into out: inout [UInt8]) throws(EmailDispatchError) {
    for token in tokens {
      switch token {
      case .text(let text):
        out += text.utf8
      case .variable(let variable):
        try append(variable, stack, to: &out)
      case .section(let path, let isInverted, let inner, _):
        let value = path.look(in: stack) ?? .null
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

  private static func missing(_ variable: Variable, _ reason: String) -> EmailDispatchError {
    EmailDispatchError(.template, "\(variable.place.file):\(variable.place.line): {{\(variable.path.text)}} \(reason)")
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
      case .text, .variable: out.append(token)
      }
      isBegun = true
    }
    return out
  }
}
