package import AWSClient
import FoundationEssentials
import NIOCore

/// Objects below a prefix in S3 as a destination. They may be kept by browsers for a year: another recipe is another time for
/// their readers to ask anew.
package struct S3Destination: ImageDestination {
  static let cacheControl = "max-age=31536000"

  private let s3: S3
  private let bucket: String
  private let prefix: String
  private let processedBy: String

  package init(_ s3: S3, bucket: String, prefix: String, processedBy: String) {
    self.s3 = s3
    self.bucket = bucket
    self.prefix = prefix
    self.processedBy = processedBy
  }

  package func look(at key: String) async throws -> OutputPlace {
    do throws(AWSError) {
      let (head, bytes) = try await s3.readObject(bucket: bucket, key: prefix + key, range: 0..<Int64(Stamp.headBytes))
      return OutputPlace(Stamp(head: Array(buffer: bytes)).map { .stamped($0) } ?? .foreign, eTag: head.eTag)
    } catch {
      if error.code == .notFound { return OutputPlace(.absent) }
      guard error.status == 416 else { throw error }
    }
    // A range in an object without bytes.
    return OutputPlace(.foreign, eTag: try await s3.headObject(bucket: bucket, key: prefix + key).eTag)
  }

  package func write(_ outputs: [Output]) async throws {
    let attributes = ObjectAttributes(
      contentType: "image/jpeg", cacheControl: Self.cacheControl,
      metadata: ["processed-by": processedBy, "processed-at": Date().formatted(.iso8601)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for output in outputs { group.addTask { try await write(output, PutOptions(attributes: attributes)) } }
      try await group.waitForAll()
    }
  }

  private func write(_ output: Output, _ options: PutOptions) async throws {
    var options = options
    (options.ifAbsent, options.ifMatch) = (output.place.state == .absent, output.place.eTag)
    try await put(output, options)
  }

  private func put(_ output: Output, _ options: PutOptions) async throws {
    var options = options
    let body = RequestBody.bytes(ByteBuffer(bytes: output.bytes))
    do throws(AWSError) {
      try await s3.putObject(bucket: bucket, key: prefix + output.key, body: body, options: options)
    } catch {
      if error.status == 501 {
        // A store without conditions.
        (options.ifAbsent, options.ifMatch) = (false, nil)
        try await s3.putObject(bucket: bucket, key: prefix + output.key, body: body, options: options)
        return
      }
      guard error.code == .conflict || error.serviceCode == "NoSuchKey" else { throw error }
      let now = try await look(at: output.key)
      if let seen = output.place.eTag, now.eTag == seen, options.ifMatch == seen {
        // Nothing has changed: the store (Ceph) takes the quotes for a part of the ETag.
        options.ifMatch = seen.filter { $0 != "\"" }
        return try await put(output, options)
      }
      // It may be this one, whose answer was lost, or another run's of the same source.
      if let own = Stamp(head: Array(output.bytes.prefix(Stamp.headBytes))),
        now.state == .stamped(own)
      {
        return
      }
      throw ThumbnailsError(.system, "\(output.key) has changed since it was looked at")
    }
  }

  package func read(_ key: String) async throws -> [UInt8] {
    do throws(AWSError) {
      return Array(buffer: try await s3.readObject(bucket: bucket, key: prefix + key).bytes)
    } catch {
      if error.code == .notFound { throw ThumbnailsError(.sourceChanged, "s3://\(bucket)/\(prefix)\(key) is gone") }
      throw error
    }
  }
}
