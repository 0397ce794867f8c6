import CIDN
package import MailMessage

/// Addresses as they are configured and listed.
package enum Postbox {
  /// `news@example.org`, or `Example <news@example.org>`. Throws `EmailDispatchError.message`.
  package static func parse(_ text: String) throws(EmailDispatchError) -> MailAddress {
    guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else { return try address(text, name: "") }
    var name = text[..<open].trimmingSuffix { $0 == " " }
    if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = name.dropFirst().dropLast() }
    return try address(String(text[text.index(after: open)...].dropLast()), name: String(name))
  }

  /// An address whose domain is spelt as DNS has it, so that SMTPUTF8 is needed only for what stands before the `@`. RFC 5891.
  /// Throws `EmailDispatchError.message`.
  package static func address(_ text: String, name: String) throws(EmailDispatchError) -> MailAddress {
    do throws(MailError) {
      let address = try MailAddress(text, name: name)
      guard !address.domain.utf8.allSatisfy({ $0 < 0x80 }) else { return address }
      var found: UnsafeMutablePointer<UInt8>?
      let code = idn2_lookup_u8(address.domain, &found, Int32(IDN2_NONTRANSITIONAL.rawValue))
      defer { idn2_free(found) }
      guard code == IDN2_OK.rawValue, let found else {
        throw MailError(.address, "\(address.domain) is no host name: \(String(cString: idn2_strerror(code)))")
      }
      return try MailAddress("\(address.localPart)@\(String(cString: found))", name: name)
    } catch {
      throw EmailDispatchError(.message, error.message)
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> Substring {
    var text = self
    while let last = text.last, isTrimmed(last) { text = text.dropLast() }
    return text
  }
}
