/// A pattern for relative paths, as in gitignore(5) and bash(1): `*` and `?` within one part, `**` for any number of parts,
/// `[a-z]` and `[!a-z]` for one character, `{jpg,png}` for one of several texts. A pattern without a slash matches the last
/// part, wherever the file lies. ASCII letters match either case, as cameras write `.JPG`.
package struct Glob: Hashable, Sendable {
  private enum Token: Hashable {
    case character(Unicode.Scalar)
    case anyCharacter
    case anyText
    case set([ClosedRange<Unicode.Scalar>], isNegated: Bool)
  }

  private enum Part: Hashable {
    case anyParts
    case tokens([Token])
  }

  /// One list of parts for each way to choose from the braces.
  private let alternatives: [[Part]]

  /// Nil when a bracket or brace is not closed.
  package init?(_ pattern: String) {
    guard let texts = Glob.expand(Array(pattern.unicodeScalars)) else { return nil }
    var alternatives: [[Part]] = []
    for text in texts {
      var parts: [Part] = text.contains("/") ? [] : [.anyParts]
      for part in text.split(separator: "/", omittingEmptySubsequences: true) {
        if Array(part) == ["*", "*"] {
          parts.append(.anyParts)
        } else {
          guard let tokens = Glob.tokens(Array(part)) else { return nil }
          parts.append(.tokens(tokens))
        }
      }
      alternatives.append(parts)
    }
    self.alternatives = alternatives
  }

  /// Whether the pattern matches a whole path, relative and with slashes.
  package func matches(_ path: String) -> Bool {
    let parts = path.split(separator: "/").map { part in part.unicodeScalars.map(Glob.folded) }
    return alternatives.contains { Glob.match($0[...], parts[...]) }
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    scalar.value >= 65 && scalar.value <= 90 ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
  }
}

extension Glob {
  /// Writes the first brace out and the rest of them in turn. At most 1,024 texts.
  private static func expand(_ text: [Unicode.Scalar]) -> [[Unicode.Scalar]]? {
    guard let open = text.firstIndex(of: "{") else { return [text] }
    var depth = 0
    var choices: [[Unicode.Scalar]] = [[]]
    for index in open..<text.count {
      let scalar = text[index]
      if scalar == "{" { depth += 1 }
      if scalar == "}" { depth -= 1 }
      if depth == 0 {
        var expanded: [[Unicode.Scalar]] = []
        for choice in choices {
          guard let more = expand(Array(text[..<open]) + choice + text[(index + 1)...]) else {
            return nil
          }
          expanded += more
          guard expanded.count <= 1024 else { return nil }
        }
        return expanded
      }
      if depth == 1, scalar == "," {
        choices.append([])
      } else if index > open {
        choices[choices.count - 1].append(scalar)
      }
    }
    return nil
  }

  private static func tokens(_ text: [Unicode.Scalar]) -> [Token]? {
    var tokens: [Token] = []
    var index = 0
    while index < text.count {
      switch text[index] {
      case "*":
        if tokens.last != .anyText { tokens.append(.anyText) }
      case "?":
        tokens.append(.anyCharacter)
      case "[":
        guard let (set, end) = set(text, from: index + 1) else { return nil }
        tokens.append(set)
        index = end
      case let scalar:
        tokens.append(.character(folded(scalar)))
      }
      index += 1
    }
    return tokens
  }

  /// The set that begins behind its bracket, and where its closing bracket stands.
  private static func set(_ text: [Unicode.Scalar], from start: Int) -> (Token, end: Int)? {
    var index = start
    let isNegated = index < text.count && (text[index] == "!" || text[index] == "^")
    if isNegated { index += 1 }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    let first = index
    while index < text.count, text[index] != "]" || index == first {
      let low = folded(text[index])
      if index + 2 < text.count, text[index + 1] == "-", text[index + 2] != "]" {
        let high = folded(text[index + 2])
        ranges.append(min(low, high)...max(low, high))
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return index < text.count ? (.set(ranges, isNegated: isNegated), index) : nil
  }

  private static func match(_ pattern: ArraySlice<Part>, _ parts: ArraySlice<[Unicode.Scalar]>) -> Bool {
    guard let first = pattern.first else { return parts.isEmpty }
    switch first {
    case .anyParts:
      let rest = pattern.dropFirst()
      // As the last part it stands for at least one name: `photos/**` is what lies in photos.
      if rest.isEmpty { return !parts.isEmpty }
      return (parts.startIndex...parts.endIndex).contains { match(rest, parts[$0...]) }
    case .tokens(let tokens):
      guard let part = parts.first, matchPart(tokens, part) else { return false }
      return match(pattern.dropFirst(), parts.dropFirst())
    }
  }

  /// Linear in practice: on a mismatch only the last `*` is widened, earlier ones need not be.
  private static func matchPart(_ tokens: [Token], _ text: [Unicode.Scalar]) -> Bool {
    var token = 0
    var index = 0
    var retry: (token: Int, index: Int)?
    while index < text.count {
      if token < tokens.count, tokens[token] == .anyText {
        retry = (token, index)
        token += 1
      } else if token < tokens.count, fits(tokens[token], text[index]) {
        token += 1
        index += 1
      } else if let last = retry {
        retry = (last.token, last.index + 1)
        token = last.token + 1
        index = last.index + 1
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .anyText }
  }

  private static func fits(_ token: Token, _ scalar: Unicode.Scalar) -> Bool {
    switch token {
    case .character(let wanted): wanted == scalar
    case .anyCharacter, .anyText: true
    case .set(let ranges, let isNegated): ranges.contains { $0.contains(scalar) } != isNegated
    }
  }
}
