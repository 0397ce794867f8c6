import Crypto
import CryptoExtras
import FoundationEssentials

/// The client's side of SCRAM-SHA-256, without channel binding. RFC 5802 and 7677.
struct Scram {
  private let user: String
  private let password: String
  private let nonce: String
  private var serverSignature: [UInt8] = []

  /// Fewer are no protection, and more would keep us busy for a server's pleasure.
  private static let iterations = 4_096...1_000_000

  init(user: String, password: String, nonce: String) {
    self.user = user.replacing("=", with: "=3D").replacing(",", with: "=2C")
    self.password = password
    self.nonce = nonce
  }

  static func freshNonce() -> String {
    Base64Text.encode((0..<18).map { _ in UInt8.random(in: 0...255) })
  }

  /// `client-first-message`.
  var first: String { "n,,\(bareFirst)" }

  private var bareFirst: String { "n=\(user),r=\(nonce)" }

  /// `client-final-message`; nil when the challenge is none, or of somebody who did not read ours.
  mutating func final(answering challenge: String) -> String? {
    let fields = Self.fields(challenge)
    guard let both = fields["r"], both.hasPrefix(nonce), both != nonce, let salt = fields["s"].flatMap(Base64Text.decode),
      !salt.isEmpty,
      let rounds = fields["i"].flatMap({ Int($0) }), Self.iterations.contains(rounds)
    else { return nil }
    let salted: SymmetricKey
    do {
      salted = try KDF.Insecure.PBKDF2.deriveKey(
        from: Array(password.utf8), salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: rounds)
    } catch {
      return nil  // only for numbers that were checked above
    }
    let withoutProof = "c=biws,r=\(both)"
    let signed = Array("\(bareFirst),\(challenge),\(withoutProof)".utf8)
    let clientKey = Self.mac("Client Key", salted)
    let storedKey = SymmetricKey(data: SHA256.hash(data: clientKey))
    let signature = HMAC<SHA256>.authenticationCode(for: signed, using: storedKey)
    let proof = zip(clientKey, signature).map { $0 ^ $1 }
    serverSignature = Array(
      HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Self.mac("Server Key", salted))))
    return "\(withoutProof),p=\(Base64Text.encode(proof))"
  }

  /// Whether the server knows the password too.
  func isServer(_ answer: String) -> Bool {
    Self.fields(answer)["v"].flatMap(Base64Text.decode) == serverSignature && !serverSignature.isEmpty
  }

  private static func mac(_ text: String, _ key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
  }

  private static func fields(_ text: String) -> [Substring: String] {
    var fields: [Substring: String] = [:]
    for field in text.split(separator: ",") where field.dropFirst().first == "=" {
      fields[field.prefix(1)] = String(field.dropFirst(2))
    }
    return fields
  }
}

/// Base64 of a line, as SASL wants it.
enum Base64Text {
  static func encode(_ octets: [UInt8]) -> String { Data(octets).base64EncodedString() }
  static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
