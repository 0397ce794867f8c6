/// The parts of a request that Signature Version 4 covers.
package struct Signable: Sendable {
  package var method: String
  /// With the port where it is not the scheme's own.
  package var host: String
  /// As it goes over the wire: percent-encoded once.
  package var path: String
  /// Decoded names and values.
  package var query: [(name: String, value: String)]
  /// Besides `host`; every one of them is signed.
  package var headers: [(name: String, value: String)]
  package var payload: PayloadHash

  package init(
    method: String, host: String, path: String, query: [(name: String, value: String)] = [],
    headers: [(name: String, value: String)] = [], payload: PayloadHash
  ) {
    self.method = method
    self.host = host
    self.path = path
    self.query = query
    self.headers = headers
    self.payload = payload
  }
}

/// What stands in the signature for the body.
package enum PayloadHash: Hashable, Sendable {
  /// SHA-256 in lower-case hex.
  case sha256(String)
  /// The body is not signed; S3 only, and for TLS or bodies that carry a checksum of their own.
  case unsigned

  package var text: String {
    switch self {
    case .sha256(let hex): hex
    case .unsigned: "UNSIGNED-PAYLOAD"
    }
  }

  package static let empty = PayloadHash.sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}
