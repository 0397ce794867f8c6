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

  /// Adds `value`; the reason when it has no place here.
  func append(_ value: String, to out: inout String) -> String? {
    switch self {
    case .raw:
      out += value
    case .line:
      if value.unicodeScalars.contains(where: { $0 == "\r" || $0 == "\n" || $0 == "\0" }) {
        return "holds a line break or a NUL"
      }
      out += value
    case .html:
      Self.appendHTML(value, to: &out)
    case .urlStart:
      let head = value.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if let colon = head.firstIndex(of: ":") {
        guard ["http", "https", "mailto", "tel", "cid"].contains(head[..<colon].lowercased()) else {
          return "is no address that a mail may lead to (http, https, mailto, tel)"
        }
      }
      if value.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7f }) {
        return "holds a space or a control character"
      }
      Self.appendHTML(value, to: &out)
    case .urlPart:
      for byte in value.utf8 {
        if Self.isUnreserved(byte) {
          out.unicodeScalars.append(UnicodeScalar(byte))
        } else {
          out += "%" + Self.hex(byte >> 4) + Self.hex(byte & 15)
        }
      }
    case .style:
      guard value.utf8.allSatisfy({ Self.isUnreserved($0) || " #%,".utf8.contains($0) }) else {
        return "holds what a style may not: only letters, digits and -_.,#% are taken"
      }
      out += value
    }
    return nil
  }

  private static func appendHTML(_ value: String, to out: inout String) {
    guard value.utf8.contains(where: { $0 == 0x26 || $0 == 0x3c || $0 == 0x3e || $0 == 0x22 || $0 == 0x27 || $0 == 0 }) else {
      out += value
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\0": out += "\u{fffd}"
      default: out.unicodeScalars.append(scalar)
      }
    }
  }

  /// RFC 3986, 2.3.
  private static func isUnreserved(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a || "-._~".utf8.contains(byte)
  }

  private static func hex(_ nibble: UInt8) -> String { String(nibble, radix: 16, uppercase: true) }
}
