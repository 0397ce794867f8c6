import Crypto
import Synchronization

/// The signing keys of the day, derived once: four HMACs saved on every request. Bounded; thread-safe.
package final class SigningKeys: Sendable {
  private struct Name: Hashable {
    var secret: String
    var day: String
    var region: String
    var service: String
  }

  private let known = Mutex<[Name: SymmetricKey]>([:])

  package init() {}

  func key(secret: String, day: String, region: String, service: String) -> SymmetricKey {
    let name = Name(secret: secret, day: day, region: region, service: service)
    if let key = known.withLock({ $0[name] }) { return key }
    let key = Self.derive(secret: secret, day: day, region: region, service: service)
    known.withLock {
      // Days and rotated secrets pass; a handful are in use at once.
      if $0.count >= 16 { $0.removeAll() }
      $0[name] = key
    }
    return key
  }

  static func derive(secret: String, day: String, region: String, service: String) -> SymmetricKey {
    var key = SymmetricKey(data: Array("AWS4\(secret)".utf8))
    for part in [day, region, service, "aws4_request"] {
      key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Array(part.utf8), using: key))
    }
    return key
  }
}
