import Foundation
package import NIOCore

extension S3 {
  /// What the service says about an object. Throws `notFound` without one.
  package func headObject(bucket: String, key: String, versionID: String? = nil) async throws(AWSError) -> ObjectHead {
    var request = try request("HeadObject", "HEAD", bucket: bucket, key: key, query: Self.version(versionID))
    request.headers.append(("x-amz-checksum-mode", "ENABLED"))
    return ObjectHead(try await send(request))
  }

  /// Hands an object, or a part of it, to `receive` piece by piece; the next piece is read when it returns. A connection that
  /// breaks on the way is taken up again where it broke, as long as the object is the same (`conflict` otherwise). Whole
  /// objects are compared with their checksum where the service has one. Throws `AWSError`, and what `receive` throws.
  @discardableResult
  package func getObject(
    bucket: String, key: String, versionID: String? = nil, range: Range<Int64>? = nil, ifMatch: String? = nil,
    receive: (ByteBuffer) async throws -> Void
  ) async throws -> ObjectHead {
    var first: ObjectHead?
    var received: Int64 = 0
    var checksum: (sum: RunningChecksum, expected: String)?
    var resumes = 0
    while true {
      var request = try request("GetObject", "GET", bucket: bucket, key: key, query: Self.version(versionID))
      if received > 0 || range != nil {
        let start = (range?.lowerBound ?? 0) + received
        request.headers.append(("range", "bytes=\(start)-\(range.map { String($0.upperBound - 1) } ?? "")"))
      } else {
        request.headers.append(("x-amz-checksum-mode", "ENABLED"))
      }
      if let condition = first?.eTag ?? ifMatch { request.headers.append(("if-match", condition)) }
      do {
        var thrown: (any Error)?
        try await caller.perform(request) { answer throws(AWSError) in
          let head = ObjectHead(AnswerHead(headers: answer.headers))
          if first == nil {
            first = head
            checksum = range == nil ? Self.checksum(of: head) : nil
          }
          do {
            try await answer.forEach { chunk in
              received += Int64(chunk.readableBytes)
              checksum?.sum.update(chunk)
              try await receive(chunk)
            }
          } catch {
            // Kept, not thrown: what was received is not asked for again.
            thrown = error
          }
        }
        if let thrown { throw thrown }
        break
      } catch let error as AWSError where [.connection, .timeout].contains(error.code) && first != nil {
        resumes += 1
        guard resumes < caller.policy.maxAttempts, caller.budget.take(for: RetryKind(error)) != nil else { throw error }
      }
    }
    if let checksum, checksum.sum.base64() != checksum.expected {
      throw AWSError(.checksumMismatch, "the bytes of s3://\(bucket)/\(key) do not have the checksum that S3 kept")
    }
    guard let first else { throw AWSError(.malformedResponse, "no head of s3://\(bucket)/\(key)") }
    return first
  }

  /// A whole object, or a part of it, in memory. Throws `invalidRequest` when it is longer than `maxBytes`.
  package func readObject(
    bucket: String, key: String, versionID: String? = nil, range: Range<Int64>? = nil, ifMatch: String? = nil,
    maxBytes: Int = 256 << 20
  ) async throws(AWSError) -> (head: ObjectHead, bytes: ByteBuffer) {
    var all = ByteBuffer()
    do {
      let head = try await getObject(bucket: bucket, key: key, versionID: versionID, range: range, ifMatch: ifMatch) { chunk in
        guard all.readableBytes + chunk.readableBytes <= maxBytes else {
          throw AWSError(.invalidRequest, "s3://\(bucket)/\(key) is longer than the \(maxBytes) bytes it may have")
        }
        all.writeImmutableBuffer(chunk)
      }
      return (head, all)
    } catch {
      throw error as? AWSError ?? AWSError(.connection, "\(error)", cause: error)
    }
  }

  /// A URL by which anyone may read the object for `expiresIn` seconds.
  package func presignedGet(bucket: String, key: String, expiresIn: Int) async throws(AWSError) -> String {
    var request = try request("GetObject", "GET", bucket: bucket, key: key)
    request.payload = .unsigned
    return try await caller.presign(request, expiresIn: expiresIn)
  }

  /// A URL by which anyone may write the object for `expiresIn` seconds.
  package func presignedPut(bucket: String, key: String, expiresIn: Int) async throws(AWSError) -> String {
    var request = try request("PutObject", "PUT", bucket: bucket, key: key)
    request.payload = .unsigned
    return try await caller.presign(request, expiresIn: expiresIn)
  }

  static func version(_ id: String?) -> [(name: String, value: String)] { id.map { [("versionId", $0)] } ?? [] }

  /// That of the whole object; one of parts (`…-3`) covers the parts' sums.
  private static func checksum(of head: ObjectHead) -> (RunningChecksum, String)? {
    if let sum = head.crc32c, !sum.contains("-") { return (RunningChecksum(.crc32c), sum) }
    if let sum = head.sha256, !sum.contains("-") { return (RunningChecksum(.sha256), sum) }
    return nil
  }
}
