/// A piece of a job file. It is written by hand, not by a YAML library, for the comments and the order of the keys.
indirect enum YAMLText: Hashable, Sendable {
  /// Text; quoted where YAML would read something else.
  case text(String)
  /// As it stands: `true`, `5`.
  case plain(String)
  case list([YAMLText])
  /// On one line, in braces.
  case inline([Entry])
  case map([Entry])

  struct Entry: Hashable, Sendable {
    var key: String
    var value: YAMLText
    /// Behind the value.
    var comment: String?

    init(_ key: String, _ value: YAMLText, comment: String? = nil) {
      self.key = key
      self.value = value
      self.comment = comment
    }
  }

  /// The lines of a mapping.
  static func lines(_ entries: [Entry], indent: Int = 0) -> [String] {
    let margin = String(repeating: " ", count: indent)
    return entries.flatMap { entry -> [String] in
      let comment = entry.comment.map { "  # \($0)" } ?? ""
      let key = margin + quoted(entry.key) + ":"
      switch entry.value {
      case .map(let inner) where !inner.isEmpty: return [key + comment] + lines(inner, indent: indent + 2)
      case .list(let values) where !values.allSatisfy(\.isShort):
        return [key + comment] + values.flatMap { $0.item(indent: indent + 2) }
      case .text(let text) where isBlock(text):
        let body = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        return [key + (text.hasSuffix("\n") ? " |" : " |-") + comment]
          + body.map { $0.isEmpty ? "" : "\(margin)  \($0)" }
      case let value: return ["\(key) \(value.flow)\(comment)"]
      }
    }
  }

  private func item(indent: Int) -> [String] {
    guard case .map(let entries) = self, !entries.isEmpty else { return [String(repeating: " ", count: indent) + "- " + flow] }
    var lines = Self.lines(entries, indent: indent + 2)
    lines[0] = String(repeating: " ", count: indent) + "- " + lines[0].dropFirst(indent + 2)
    return lines
  }

  private var isShort: Bool {
    switch self {
    case .text(let text): text.utf8.count <= 30
    case .plain: true
    default: false
    }
  }

  /// On one line.
  private var flow: String {
    switch self {
    case .text(let text): Self.quoted(text)
    case .plain(let text): text
    case .list(let values): "[\(values.map(\.flow).joined(separator: ", "))]"
    case .inline(let entries), .map(let entries):
      "{\(entries.map { "\(Self.quoted($0.key)): \($0.value.flow)" }.joined(separator: ", "))}"
    }
  }

  /// Several lines, or one that quotes would make hard to read, if a block can hold them as they are.
  private static func isBlock(_ text: String) -> Bool {
    guard text.dropLast().contains("\n") || text.count > 20 && text.contains(where: { "\"\\".contains($0) }),
      !text.hasSuffix("\n\n"), let first = text.unicodeScalars.first,
      first != " " && first != "\n"
    else { return false }
    return text.unicodeScalars.allSatisfy { isPrintable($0) || $0 == "\n" }
      && !text.split(separator: "\n").contains { $0.hasSuffix(" ") }
  }

  /// Text as YAML 1.2 reads it back in any place: bare where nothing in it could mean something else, else in double quotes.
  static func quoted(_ text: String) -> String {
    let isBare =
      text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./".unicodeScalars.contains($0))
      }
      && (text.unicodeScalars.first.map { $0.properties.isAlphabetic || $0 == "/" } ?? false)
      && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    if isBare { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _ where isPrintable(scalar): quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        quoted +=
          (scalar.value > 0xFFFF ? "\\U" : "\\u")
          + String(repeating: "0", count: (scalar.value > 0xFFFF ? 8 : 4) - digits.count) + digits
      }
    }
    return quoted + "\""
  }

  /// What may stand in YAML unescaped, but for a byte order mark and what ends a line.
  static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }
}
