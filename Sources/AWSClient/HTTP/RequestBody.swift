package import NIOCore

/// What a request sends. Every kind can be sent again for another attempt.
package enum RequestBody: Sendable {
  case none
  case bytes(ByteBuffer)
  /// `length` bytes of a file from `offset` on, read as they are sent.
  case file(path: String, offset: Int64, length: Int64)
  /// `length` bytes from a sequence that is made anew for every attempt.
  case stream(length: Int64, make: @Sendable () -> any AsyncSequence<ByteBuffer, any Error> & Sendable)

  package var length: Int64 {
    switch self {
    case .none: 0
    case .bytes(let buffer): Int64(buffer.readableBytes)
    case .file(_, _, let length), .stream(let length, _): length
    }
  }
}
