import Crypto

/// What identifies a message wherever it goes. RFC 5322, 3.6.4.
package struct MessageID: Hashable, Sendable {
  /// Without the angle brackets.
  package let text: String

  /// The same for the same run, item and domain: a message that is sent again is known for the same.
  package init(run: String, item: String, domain: String) {
    var hash = SHA256()
    hash.update(data: Array("\(run)\0\(item)".utf8))
    let octets = hash.finalize().prefix(20).map { Self.alphabet[Int($0 & 31)] }
    text = "\(String(decoding: octets, as: UTF8.self)).carillon@\(domain)"
  }

  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  /// Letters and digits that no other message's parts begin with.
  var boundary: String { String(Substring(text.utf8.prefix { $0 != UInt8(ascii: ".") })) }
}
