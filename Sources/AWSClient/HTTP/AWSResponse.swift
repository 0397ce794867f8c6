import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// An answer whose head is here and whose body is still to be read, once.
struct AWSResponse: Sendable {
  let status: Int
  let headers: HTTPHeaders
  let endpoint: Endpoint
  let body: HTTPClientResponse.Body
  let isHead: Bool
  /// By when a collected body must be complete.
  let deadline: NIODeadline

  func header(_ name: String) -> String? { headers.first(name: name) }

  /// The whole body. Throws `malformedResponse` when it is longer than `limit` bytes or shorter than announced.
  func collect(limit: Int = 64 << 20) async throws(AWSError) -> ByteBuffer {
    var all: ByteBuffer?
    try await read { (chunk: ByteBuffer) throws(AWSError) in
      if NIODeadline.now() > deadline { throw AWSError(.timeout, "\(endpoint) was still answering when the time was over") }
      if (all?.readableBytes ?? 0) + chunk.readableBytes > limit {
        throw AWSError(.malformedResponse, "the answer of \(endpoint) is longer than \(limit) bytes")
      }
      if all == nil { all = chunk } else { all?.writeImmutableBuffer(chunk) }
    }
    return all ?? ByteBuffer()
  }

  /// Hands the body on piece by piece; the next is read when `receive` returns. Throws `AWSError` and what `receive` throws.
  func forEach(_ receive: (ByteBuffer) async throws -> Void) async throws {
    var received: Int64 = 0
    do {
      for try await chunk in body {
        received += Int64(chunk.readableBytes)
        do { try await receive(chunk) } catch { throw ReceiverFailure(cause: error) }
      }
    } catch let failure as ReceiverFailure {
      throw failure.cause
    } catch {
      throw AWSError(transport: error, endpoint: endpoint)
    }
    try checkEnd(received)
  }

  private func read(_ receive: (ByteBuffer) throws(AWSError) -> Void) async throws(AWSError) {
    var received: Int64 = 0
    do {
      for try await chunk in body {
        received += Int64(chunk.readableBytes)
        try receive(chunk)
      }
    } catch {
      throw AWSError(transport: error, endpoint: endpoint)
    }
    try checkEnd(received)
  }

  private func checkEnd(_ received: Int64) throws(AWSError) {
    // A cancelled body ends early without an error of its own.
    if Task.isCancelled { throw AWSError(.cancelled, "cancelled") }
    if !isHead, let length = header("content-length").flatMap({ Int64($0) }), length != received {
      throw AWSError(.connection, "\(endpoint) sent \(received) of \(length) bytes")
    }
  }
}

/// Tells what the reader threw from what the connection did.
private struct ReceiverFailure: Error {
  let cause: any Error
}
