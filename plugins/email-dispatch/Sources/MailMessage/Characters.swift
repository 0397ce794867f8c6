/// The classes of octets that RFC 5322 and its kin speak of.
enum Characters {
  /// RFC 5322, 3.2.3: what an atom is made of.
  static func isAtext(_ byte: UInt8) -> Bool { atext[Int(byte)] }

  private static let atext: [Bool] = {
    var table = [Bool](repeating: false, count: 256)
    for byte in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~".utf8 {
      table[Int(byte)] = true
    }
    return table
  }()

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a)
  }

  /// RFC 2045, 5.1: what a type, a subtype or a parameter's name is made of.
  static func isToken(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7f && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
  }

  /// Printable ASCII and the space.
  static func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7f }

  /// What would end a line, or the text, wherever it stands.
  static func isBreak(_ byte: UInt8) -> Bool { byte == 13 || byte == 10 || byte == 0 }

  /// What has no place in an address or a field's name: controls, and all kinds of spaces and line ends.
  static func isUnfitForAddress(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value <= 0x20 || scalar.value == 0x7f }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .spaceSeparator, .format, .surrogate, .unassigned, .privateUse:
      return true
    default: return false
    }
  }

  /// Text for people in a header: a control character, where it does no harm, is a space.
  static func presentable(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? " " : $0 }))
  }

  /// A text for a message to a person: cut, and with what cannot be seen escaped.
  static func shown(_ text: String) -> String {
    let head = text.unicodeScalars.prefix(80).map {
      isUnfitForAddress($0) && $0 != " " ? $0.escaped(asASCII: true) : String($0)
    }
    return "\"\(head.joined())\(text.unicodeScalars.count > 80 ? "…" : "")\""
  }
}

extension String {
  var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  /// What stands between spaces, nothing included. By octets: a space with an accent on it is one, too.
  var words: [String] { utf8.split(separator: 0x20, omittingEmptySubsequences: false).map { String(Substring($0)) } }

  /// Printable ASCII of words of at most 60 octets with a space between them, and nothing that looks like an encoded word.
  var isPlainWords: Bool {
    var last: UInt8 = 0x20
    var length = 0
    for byte in utf8 {
      if byte == 0x20 {
        if last == 0x20 { return false }
        length = 0
      } else {
        length += 1
        if !Characters.isPrintable(byte) || length > 60 || byte == UInt8(ascii: "?") && last == UInt8(ascii: "=") {
          return false
        }
      }
      last = byte
    }
    return last != 0x20
  }

  /// Somebody could take a part of it for an encoded word.
  var hasEncodedWordStart: Bool {
    var last: UInt8 = 0
    for byte in utf8 {
      if byte == UInt8(ascii: "?"), last == UInt8(ascii: "=") { return true }
      last = byte
    }
    return false
  }
}
