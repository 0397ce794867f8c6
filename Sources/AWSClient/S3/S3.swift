import Crypto
import Foundation
import NIOCore

/// Amazon S3, and stores that speak its protocol. A value; copies share connections, credentials and the retry budget.
/// Every call throws `AWSError` and retries by itself; see `RetryPolicy`.
package struct S3: Sendable {
  /// How a bucket stands in the URL.
  package enum Addressing: String, Sendable {
    /// Virtual hosts at AWS where the bucket's name can be one, the path anywhere else.
    case automatic
    /// `https://host/bucket/key`
    case path
    /// `https://bucket.host/key`
    case virtualHost
  }

  let caller: ServiceCaller
  package let endpoint: Endpoint
  package let addressing: Addressing
  /// The endpoint was not chosen by AWS's naming.
  let isOverridden: Bool

  /// `caller` is one for the service `s3`. Without `endpoint` AWS's own of the caller's region.
  package init(_ caller: ServiceCaller, endpoint: Endpoint? = nil, addressing: Addressing = .automatic) {
    self.caller = caller
    self.endpoint = endpoint ?? .aws(service: "s3", region: caller.region)
    self.addressing = addressing
    isOverridden = endpoint != nil
  }

  package var region: String { caller.region }

  func request(
    _ operation: String, _ method: String, bucket: String, key: String? = nil, query: [(name: String, value: String)] = []
  ) throws(AWSError) -> AWSRequest {
    guard !bucket.isEmpty, !bucket.contains("/") else {
      throw AWSError(.invalidRequest, "\"\(bucket)\" is no bucket's name")
    }
    if let key, key.isEmpty || key.utf8.count > 1_024 {
      throw AWSError(.invalidRequest, "an object's key has 1 to 1,024 bytes, not \(key.utf8.count)")
    }
    var target = endpoint
    let path: String
    if usesVirtualHost(bucket) {
      target.connectsTo = endpoint.connectsTo ?? (isOverridden ? endpoint.host : nil)
      target.host = "\(bucket).\(endpoint.host)"
      path = "/" + PercentEncoding.encodePath(key ?? "")
    } else {
      path = "/" + PercentEncoding.encode(bucket) + (key.map { "/" + PercentEncoding.encodePath($0) } ?? "")
    }
    var request = AWSRequest(operation: operation, method: method, endpoint: target, path: path)
    request.query = query
    return request
  }

  private func usesVirtualHost(_ bucket: String) -> Bool {
    switch addressing {
    case .path: false
    case .virtualHost: true
    // A dot in the name would not match the certificate's wildcard.
    case .automatic: !isOverridden && !bucket.contains(".") && bucket.lowercased() == bucket && !bucket.contains("_")
    }
  }

  /// Sends a document and drops the answer's body.
  func send(_ request: AWSRequest) async throws(AWSError) -> AnswerHead {
    try await caller.perform(request) { answer throws(AWSError) in
      _ = try await answer.collect()
      return AnswerHead(headers: answer.headers)
    }
  }

  /// Sends a request and reads the answer's document.
  func document<Document: Decodable & Sendable>(
    _ type: Document.Type, root: String, for request: AWSRequest
  ) async throws(AWSError) -> (Document, AnswerHead) {
    try await caller.perform(request) { answer throws(AWSError) in
      let text = String(buffer: try await answer.collect())
      // Leading blanks are S3's way of keeping the connection alive while it copies.
      if let failure = ServiceFailure.errorInside(answer, text: text) { throw failure }
      return (
        try XMLDocument.decode(type, root: root, from: text, endpoint: answer.endpoint), AnswerHead(headers: answer.headers)
      )
    }
  }

  /// Sends a request and reads one element of the answer, which has little else; no tree is made of it.
  func element(
    _ name: String, root: String, for request: AWSRequest
  ) async throws(AWSError) -> (String, AnswerHead) {
    try await caller.perform(request) { answer throws(AWSError) in
      let body = try await answer.collect()
      if let failure = ServiceFailure.errorInside(answer, text: String(buffer: body)) { throw failure }
      var found: String?
      var outermost = ""
      try XMLScanner.scan(body, endpoint: answer.endpoint) { depth, element, text in
        if depth == 2, element == name { found = text }
        if depth == 1 { outermost = element }
      }
      guard outermost == root, let found else {
        throw AWSError(.malformedResponse, "\(answer.endpoint) answered <\(outermost)> without <\(root)> and <\(name)> in it")
      }
      return (found, AnswerHead(headers: answer.headers))
    }
  }

  /// Gives a request a small body, signed, with the MD5 that older stores ask for.
  static func attach(_ text: String, to request: inout AWSRequest) {
    let bytes = Array(text.utf8)
    request.body = .bytes(ByteBuffer(bytes: bytes))
    request.payload = .sha256(hex(SHA256.hash(data: bytes)))
    request.headers.append(("content-type", "application/xml"))
    request.headers.append(("content-md5", Data(Insecure.MD5.hash(data: bytes)).base64EncodedString()))
  }
}
