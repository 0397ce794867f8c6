/// What a server says to a command. RFC 5321, 4.2.
package struct Reply: Hashable, Sendable {
  package let code: Int

  /// Its lines without code and line ends; at least one, maybe empty.
  package let lines: [String]

  /// Code and words in one line, as for a person.
  package var text: String { "\(code) \(lines.joined(separator: " "))" }

  /// The enhanced status code (`5.1.1`), where there is one. RFC 3463.
  package var enhancedCode: String? {
    guard let word = lines.first?.split(separator: " ").first else { return nil }
    let numbers = word.split(separator: ".", omittingEmptySubsequences: false)
    let isCode =
      numbers.count == 3
      && numbers.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
    return isCode ? String(word) : nil
  }

  /// Takes lines until a reply is whole.
  struct Assembler {
    private var code = 0
    private var lines: [String] = []

    static let maxLines = 200

    /// The reply that `line` ends; nil when more follow. Throws for what is no reply.
    mutating func take(_ line: [UInt8]) throws(Broken) -> Reply? {
      var line = line[...]
      while line.last == 13 || line.last == 10 { line = line.dropLast() }
      let digits = line.prefix(3)
      guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), digits[0] >= 0x32, digits[0] <= 0x35 else {
        throw Broken()
      }
      let code = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      guard lines.isEmpty || code == self.code, lines.count < Self.maxLines else { throw Broken() }
      self.code = code
      let rest = line.dropFirst(3)
      guard rest.isEmpty || rest.first == 0x20 || rest.first == UInt8(ascii: "-") else { throw Broken() }
      // What a server says is shown to people: no controls.
      lines.append(String(decoding: rest.dropFirst().map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }, as: UTF8.self))
      if rest.first == UInt8(ascii: "-") { return nil }
      defer { lines = [] }
      return Reply(code: code, lines: lines)
    }

    struct Broken: Error {}
  }
}
