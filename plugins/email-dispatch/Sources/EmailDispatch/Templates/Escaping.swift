/// What becomes of a value at one place of a template.
enum Escaping: Hashable, Sendable {
  /// As it is: plain text, and `{{{…}}}`.
  case raw
  /// As it is, in one line: a subject, a URL.
  case line
  /// Between tags and within quoted attributes.
  case html
  /// At the beginning of an attribute that is a URL.
  case urlStart
  /// Further on in a URL.
  case urlPart
  /// Within `style="…"`.
  case style

  /// Adds `value` as UTF-8; the reason when it has no place here.
  func append(_ value: String, to out: inout [UInt8]) -> String? {
    switch self {
    case .raw:
      out += value.utf8
    case .line:
      if value.utf8.contains(where: { $0 == 13 || $0 == 10 || $0 == 0 }) { return "holds a line break or a NUL" }
      out += value.utf8
    case .html:
      Self.appendHTML(value, to: &out)
    case .urlStart:
      let head = value.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if let colon = head.firstIndex(of: ":") {
        guard ["http", "https", "mailto", "tel", "cid"].contains(head[..<colon].lowercased()) else {
          return "is no address that a mail may lead to (http, https, mailto, tel)"
        }
      }
      if value.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) { return "holds a space or a control character" }
      Self.appendHTML(value, to: &out)
    case .urlPart:
      for byte in value.utf8 {
        if Self.isUnreserved(byte) {
          out.append(byte)
        } else {
          out += [UInt8(ascii: "%"), Self.hex(byte >> 4), Self.hex(byte & 15)]
        }
      }
    case .style:
      guard value.utf8.allSatisfy({ Self.isUnreserved($0) || " #%,".utf8.contains($0) }) else {
        return "holds what a style may not: only letters, digits and -_.,#% are taken"
      }
      out += value.utf8
    }
    return nil
  }

  private static func appendHTML(_ value: String, to out: inout [UInt8]) {
    guard value.utf8.contains(where: { $0 < 0x3f && "\0&<>\"'".utf8.contains($0) }) else { return out += value.utf8 }
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "&"): out += "&amp;".utf8
      case UInt8(ascii: "<"): out += "&lt;".utf8
      case UInt8(ascii: ">"): out += "&gt;".utf8
      case UInt8(ascii: "\""): out += "&quot;".utf8
      case UInt8(ascii: "'"): out += "&#39;".utf8
      case 0: out += "\u{fffd}".utf8
      default: out.append(byte)
      }
    }
  }

  /// RFC 3986, 2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a || "-._~".utf8.contains(byte)
  }

  private static func hex(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 0x30 + nibble : 0x37 + nibble }
}
