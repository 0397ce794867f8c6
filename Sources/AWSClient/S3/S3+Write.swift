import Crypto
import Foundation
import NIOCore
import NIOPosix

extension S3 {
  /// From this length on the server is asked before the body is sent.
  static let asksFirstFromBytes: Int64 = 1 << 20

  /// Writes an object in one request (up to 5 GiB). Gives its ETag and, in a versioned bucket, its version. Throws `conflict`
  /// when a condition does not hold.
  @discardableResult
  package func putObject(
    bucket: String, key: String, body: RequestBody, options: PutOptions = PutOptions()
  ) async throws(AWSError) -> (eTag: String, versionID: String?) {
    var request = try request("PutObject", "PUT", bucket: bucket, key: key)
    request.headers = options.creationHeaders + options.conditionHeaders
    try await attach(body, checksum: options.checksum, to: &request)
    let answer = try await send(request)
    return (answer.text("etag") ?? "", answer.text("x-amz-version-id"))
  }

  /// Gives a request its body: small ones are signed, files are read once for their checksum (and, without TLS, their
  /// signature), sequences go unsigned.
  func attach(_ body: RequestBody, checksum: Checksum, to request: inout AWSRequest) async throws(AWSError) {
    request.body = body
    request.expectsContinue = body.length >= Self.asksFirstFromBytes
    var sum = RunningChecksum(checksum)
    switch body {
    case .none:
      break
    case .bytes(let buffer):
      sum.update(buffer)
      request.payload = .sha256(hex(buffer.withUnsafeReadableBytes { SHA256.hash(data: $0) }))
    case .file(let path, let offset, let length):
      let isSigned = request.endpoint.scheme == .http
      if isSigned || checksum != .none {
        let sums = try await Self.sums(path: path, offset: offset, length: length, checksum: checksum, signs: isSigned)
        if checksum != .none { request.headers.append((checksum.header, sums.checksum)) }
        request.payload = sums.sha256.map { .sha256($0) } ?? .unsigned
      } else {
        request.payload = .unsigned
      }
      return
    case .stream:
      request.payload = .unsigned
      return
    }
    if checksum != .none { request.headers.append((checksum.header, sum.base64())) }
  }

  private static func sums(
    path: String, offset: Int64, length: Int64, checksum: Checksum, signs: Bool
  ) async throws(AWSError) -> (checksum: String, sha256: String?) {
    do {
      return try await NIOThreadPool.singleton.runIfActive {
        let file = try OpenFile(path: path)
        var sum = RunningChecksum(checksum)
        var sha = SHA256()
        var position = offset
        while position < offset + length {
          let chunk = try file.read(count: Int(min(1 << 20, offset + length - position)), at: position)
          sum.update(chunk)
          if signs { chunk.withUnsafeReadableBytes { sha.update(bufferPointer: $0) } }
          position += Int64(chunk.readableBytes)
        }
        return (sum.base64(), signs ? hex(sha.finalize()) : nil)
      }
    } catch {
      throw error as? AWSError ?? AWSError(.file, "cannot read \(path): \(error)", cause: error)
    }
  }

  /// Removes an object, or in a versioned bucket lays a delete marker over it; with `versionID` that version is gone. No
  /// object is no error.
  package func deleteObject(bucket: String, key: String, versionID: String? = nil) async throws(AWSError) {
    _ = try await send(try request("DeleteObject", "DELETE", bucket: bucket, key: key, query: Self.version(versionID)))
  }

  /// Removes up to 1,000 objects in one call. Gives those that were not removed, with the reason.
  package func deleteObjects(
    bucket: String, _ objects: [(key: String, versionID: String?)]
  ) async throws(AWSError) -> [DeletionFailure] {
    guard (1...1_000).contains(objects.count) else {
      throw AWSError(.invalidRequest, "1 to 1,000 objects are deleted in a call, not \(objects.count)")
    }
    var request = try request("DeleteObjects", "POST", bucket: bucket, query: [("delete", "")])
    let list = DeleteList(isQuiet: true, objects: objects.map { .init(key: $0.key, versionID: $0.versionID) })
    Self.attach(try XMLDocument.encode(list, root: "Delete"), to: &request)
    return try await document(DeleteResult.self, root: "DeleteResult", for: request).0.failures ?? []
  }
}
