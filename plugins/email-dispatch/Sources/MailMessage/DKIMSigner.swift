import Crypto
import CryptoExtras
import FoundationEssentials

/// Signs messages as a domain, relaxed/relaxed. RFC 6376; RFC 8463 for Ed25519.
package struct DKIMSigner: Sendable {
  private enum Key: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
  }

  /// Whose signature it is: `d=`.
  package let domain: String

  /// Where the public key lies: `selector._domainkey.domain`.
  package let selector: String

  private let key: Key

  /// What is signed where it is there. From RFC 6376, 5.4.1, and RFC 8058, 4.
  private static let signed = [
    "from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type", "content-transfer-encoding",
    "list-unsubscribe", "list-unsubscribe-post", "list-id",
  ]

  /// Named once more than they are there, so that nobody can add one. RFC 6376, 8.15.
  private static let sealed = ["from", "to", "subject", "date", "reply-to"]

  /// `pem` is a private key as `openssl genpkey` writes it: RSA of at least 1,024 bits (PKCS #1 or #8) or Ed25519 (PKCS #8).
  /// Throws `MailError.key`, and `.header` for a domain or selector that is none.
  package init(domain: String, selector: String, pem: String) throws(MailError) {
    for (what, text) in [("domain", domain), ("selector", selector)] {
      let fits = text.utf8.allSatisfy { Characters.isAlphanumeric($0) || "-._".utf8.contains($0) }
      guard fits, !text.isEmpty, !text.hasPrefix("."), !text.hasSuffix(".") else {
        throw MailError(.header, "\(Characters.shown(text)) is no \(what) for DKIM")
      }
    }
    self.domain = domain
    self.selector = selector
    if let seed = Self.ed25519Seed(pem: pem) {
      do {
        key = .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: seed))
      } catch {
        throw MailError(.key, "the DKIM key of \(selector)._domainkey.\(domain) is no Ed25519 key: \(error)")
      }
      return
    }
    do {
      key = .rsa(try _RSA.Signing.PrivateKey(unsafePEMRepresentation: pem))
    } catch {
      throw MailError(
        .key,
        "the DKIM key of \(selector)._domainkey.\(domain) is neither an RSA key of 1,024 bits or more nor an Ed25519 key in PEM: \(error)"
      )
    }
  }

  /// The `DKIM-Signature` field over these fields and this body.
  func signature(fields: [HeaderField], bodyHash: [UInt8], atSeconds: Int64) throws(MailError) -> HeaderField {
    var byName: [String: [HeaderField]] = [:]
    for field in fields { byName[field.name.lowercased(), default: []].append(field) }
    var names: [String] = []
    var input: [UInt8] = []
    for name in Self.signed {
      for field in byName[name] ?? [] {
        names.append(name)
        input += Relaxed.field(field)
        input += [13, 10]
      }
    }
    names += Self.sealed
    let list = names.enumerated().map { $1 + ($0 + 1 < names.count ? ":" : ";") }
    let tags =
      ["v=1;", "a=\(algorithm);", "c=relaxed/relaxed;", "d=\(domain);", "s=\(selector);", "t=\(atSeconds);", "h=\(list[0])"]
      + list.dropFirst() + ["bh=\(String(decoding: Base64.encode(bodyHash), as: UTF8.self));"]
    input += Relaxed.field(try HeaderField("DKIM-Signature", pieces: tags + ["b="]))
    let signature = Base64.encode(try sign(input))
    var chunks: [String] = []
    var rest = signature[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(72)
      chunks.append((chunks.isEmpty ? "b=" : "") + String(decoding: chunk, as: UTF8.self))
      rest = rest.dropFirst(chunk.count)
    }
    return try HeaderField("DKIM-Signature", pieces: tags + chunks)
  }

  private var algorithm: String {
    switch key {
    case .rsa: "rsa-sha256"
    case .ed25519: "ed25519-sha256"
    }
  }

  private func sign(_ input: [UInt8]) throws(MailError) -> [UInt8] {
    let digest = SHA256.hash(data: input)
    do {
      switch key {
      case .rsa(let key): return [UInt8](try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
      // RFC 8463, 3: what Ed25519 signs is the hash.
      case .ed25519(let key): return [UInt8](try key.signature(for: Data(digest)))
      }
    } catch {
      throw MailError(.key, "signing as \(selector)._domainkey.\(domain) failed: \(error)")
    }
  }

  /// The 32 octets of a PKCS #8 Ed25519 key (RFC 8410, 7); nil when it is another.
  private static func ed25519Seed(pem: String) -> Data? {
    let lines = pem.split(whereSeparator: \.isNewline).map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty }
    guard lines.first == "-----BEGINPRIVATEKEY-----", lines.last == "-----ENDPRIVATEKEY-----",
      let der = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { return nil }
    let head: [UInt8] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
    return der.count == head.count + 32 && der.starts(with: head) ? der.dropFirst(head.count) : nil
  }
}
