import Crypto
import CryptoExtras
import Foundation

@testable import MailMessage

/// Two keys, made anew for each run of the tests, and what DNS would say of them.
enum Keys {
  private static let rsa = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }
  private static let ed25519 = Curve25519.Signing.PrivateKey()

  static func signers() throws -> [DKIMSigner] {
    let head: [UInt8] = [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]
    let der = (Data(head) + ed25519.rawRepresentation).base64EncodedString()
    return [
      try DKIMSigner(domain: "example.org", selector: "rsa", pem: try rsa.get().pemRepresentation),
      try DKIMSigner(
        domain: "example.org", selector: "ed", pem: "-----BEGIN PRIVATE KEY-----\n\(der)\n-----END PRIVATE KEY-----\n"),
    ]
  }

  static func records() throws -> [String: String] {
    let pem = try rsa.get().publicKey.pemRepresentation
    let der = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
    return [
      "rsa._domainkey.example.org": "v=DKIM1; k=rsa; p=\(der)",
      "ed._domainkey.example.org": "v=DKIM1; k=ed25519; p=\(ed25519.publicKey.rawRepresentation.base64EncodedString())",
    ]
  }
}
