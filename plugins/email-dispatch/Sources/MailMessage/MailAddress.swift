/// An address and the name beside it. RFC 5322, 3.4; RFC 6531 for what is not ASCII.
package struct MailAddress: Hashable, Sendable {
  /// What people see; empty for none. Never holds CR, LF or NUL.
  package let name: String

  /// Before the `@`, as it goes over the wire: a dot-atom or a quoted string. At most 64 octets.
  package let localPart: String

  /// After the `@`: a host name or an address literal. At most 255 octets.
  package let domain: String

  /// `localPart@domain`.
  package let text: String

  /// Only a server that offers SMTPUTF8 takes it.
  package var needsSMTPUTF8: Bool { !localPart.isASCII || !domain.isASCII }

  /// Throws `MailError.address` for what is no address, and `.header` for a name that holds CR, LF or NUL.
  package init(_ address: String, name: String = "") throws(MailError) {
    if name.utf8.contains(where: Characters.isBreak) {
      throw MailError(.header, "the name \(Characters.shown(name)) holds a line break or a NUL")
    }
    guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else {
      throw MailError(.address, "\(Characters.shown(address)) is no mail address: there is no @")
    }
    let local = String(address[..<at])
    let domain = String(address[address.utf8.index(after: at)...])
    if let reason = Self.problem(localPart: local) ?? Self.problem(domain: domain) {
      throw MailError(.address, "\(Characters.shown(address)) is no mail address: \(reason)")
    }
    if address.utf8.count > 254 {
      throw MailError(.address, "\(Characters.shown(address)) is no mail address: longer than 254 octets")
    }
    self.name = name
    text = address
    localPart = local
    self.domain = domain
  }

  private static func problem(localPart: String) -> String? {
    let octets = Array(localPart.utf8)
    if octets.isEmpty { return "nothing stands before the @" }
    if octets.count > 64 { return "more than 64 octets before the @" }
    if octets.first == UInt8(ascii: "\"") { return problem(quoted: octets) }
    if localPart.unicodeScalars.contains(where: Characters.isUnfitForAddress) { return "a space or a control character" }
    for byte in octets where byte < 0x80 && byte != UInt8(ascii: ".") && !Characters.isAtext(byte) {
      return "\"\(Character(UnicodeScalar(byte)))\" before the @ needs quotes"
    }
    if octets.first == UInt8(ascii: ".") || octets.last == UInt8(ascii: ".") || hasTwoDots(octets) {
      return "a dot that separates nothing"
    }
    return nil
  }

  private static func hasTwoDots(_ octets: [UInt8]) -> Bool {
    zip(octets, octets.dropFirst()).contains { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") }
  }

  private static func problem(quoted octets: [UInt8]) -> String? {
    guard octets.count >= 3, octets.last == UInt8(ascii: "\"") else { return "a quote that is not closed" }
    var isEscaped = false
    for byte in octets.dropFirst().dropLast() {
      guard Characters.isPrintable(byte) else { return "what stands between quotes is not printable ASCII" }
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        return "a quote within quotes"
      }
    }
    return isEscaped ? "a quote that is not closed" : nil
  }

  private static func problem(domain: String) -> String? {
    if domain.isEmpty { return "nothing stands behind the @" }
    if domain.utf8.count > 255 { return "more than 255 octets behind the @" }
    if domain.hasPrefix("[") {
      let inner = domain.dropFirst().dropLast()
      let isLiteral = inner.utf8.allSatisfy {
        Characters.isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":")
      }
      return domain.hasSuffix("]") && !inner.isEmpty && isLiteral ? nil : "an address literal that is none"
    }
    for octets in domain.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      if octets.isEmpty { return "a dot that separates nothing" }
      if octets.count > 63 && octets.allSatisfy({ $0 < 0x80 }) { return "a label of more than 63 octets" }
      if octets.first == UInt8(ascii: "-") || octets.last == UInt8(ascii: "-") {
        return "a label that begins or ends with a hyphen"
      }
      let label = Substring(octets)
      let fits = label.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          ? Characters.isAlphanumeric(UInt8(scalar.value)) || scalar == "-" || scalar == "_"
          : !Characters.isUnfitForAddress(scalar)
      }
      if !fits { return "\(Characters.shown(String(label))) is no part of a host name" }
    }
    return nil
  }
}

extension MailAddress: CustomStringConvertible {
  package var description: String { name.isEmpty ? text : "\(name) <\(text)>" }
}
