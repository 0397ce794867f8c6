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

  package func state(of key: String) async throws -> OutputState {
    do throws(AWSError) {
      let head = try await s3.readObject(bucket: bucket, key: prefix + key, range: 0..<Int64(Stamp.headBytes))
      return Stamp(head: Array(buffer: head.bytes)).map { .stamped($0) } ?? .foreign
    } catch {
      if error.code == .notFound { return .absent }
      // A range in an object without bytes.
      if error.status == 416 { return .foreign }
      throw error
    }
  }

  package func write(_ outputs: [(key: String, bytes: [UInt8])]) async throws {
    let attributes = ObjectAttributes(
      contentType: "image/jpeg", cacheControl: Self.cacheControl,
      metadata: ["processed-by": processedBy, "processed-at": Date().formatted(.iso8601)])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (key, bytes) in outputs {
        group.addTask {
          try await s3.putObject(
            bucket: bucket, key: prefix + key, body: .bytes(ByteBuffer(bytes: bytes)),
            options: PutOptions(attributes: attributes))
        }
      }
      try await group.waitForAll()
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
