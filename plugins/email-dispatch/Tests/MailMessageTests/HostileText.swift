import Seeded

/// Text that somebody wrote to break a message.
enum HostileText {
  private static let pieces = [
    "Ann", "Müller", "O'Neill", "\"", "\\", "<", ">", ",", ";", ":", "(", ")", "@", "=?utf-8?q?x?=", "=?", "?=", "=", "==",
    "=20", "--=_2_",
    "--", "-- ", ".", "..", ". ", "From ", "\u{2028}", "\u{85}", "\u{b}", "\u{c}", "\u{1c}", "\t", " ", "   ", "😀", "👩‍👩‍👧", "日本語",
    "ß", "é",
    "e\u{301}", "\u{202e}", "\u{feff}", "\u{ad}", "%0d%0a", "&#13;", "{{x}}", "<script>", "Bcc: evil@example.net",
    "Content-Type: text/html",
    "x\u{7f}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "🇩🇪",
    "\u{10ffff}", "\u{fffd}",
  ]
  private static let breaks = [
    "\r\n", "\n", "\r", "\r\n\r\n", "\r\n.\r\n", "\n.\n", "\r\nBcc: evil@example.net\r\n", "\r\n ", "\0",
  ]

  /// One line; `withBreaks` it often is none.
  static func line(_ random: inout SplitMix, withBreaks: Bool = false) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      text += pieces.randomElement(using: &random)!
      if Int.random(in: 0..<3, using: &random) == 0 { text += " " }
    }
    if withBreaks { text += breaks.randomElement(using: &random)! + line(&random) }
    return text
  }

  /// Many lines, of all lengths.
  static func body(_ random: inout SplitMix) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &random) {
      text += line(&random)
      if Int.random(in: 0..<12, using: &random) == 0 { text += String(repeating: "long ", count: 300) }
      if Int.random(in: 0..<20, using: &random) == 0 { text += String(repeating: "x", count: 2_000) }
      text += ["\r\n", "\n", "\r", "\r\n.\r\n", "\r\n..\r\n", "\n\n\n", "\n--=_2_\n", "\nFrom x\n"].randomElement(
        using: &random)!
    }
    return text
  }

  /// Mostly an address.
  static func address(_ random: inout SplitMix) -> String {
    let locals = [
      "ann", "o'neill", "a.b+c", "\"john doe\"", "\"a\\\"b\"", "jörg", "用户", "x=y", "{a}", "a", "ann\r\nRCPT TO:<evil@x.test>",
      "<a>", "a b", "",
    ]
    let domains = [
      "example.org", "xn--mnchen-3ya.example", "münchen.example", "[192.0.2.1]", "a.b.c", "ex ample.org", "example.org>", "",
      "-x.org", "x\0.org",
    ]
    return locals.randomElement(using: &random)! + ["@", "@", "@", "@", "@@", ""].randomElement(using: &random)!
      + domains.randomElement(using: &random)!
  }
}
