import Foundation
import NIOCore
import NIOPosix

/// A part of a file in pieces of 256 KiB, read on NIO's threads for blocking work.
struct FileChunks: AsyncSequence, Sendable {
  typealias Element = ByteBuffer
  typealias Failure = any Error
  static let chunkBytes = 256 * 1_024

  let path: String
  let offset: Int64
  let length: Int64

  func makeAsyncIterator() -> Iterator { Iterator(path: path, offset: offset, left: length) }

  struct Iterator: AsyncIteratorProtocol {
    let path: String
    var offset: Int64
    var left: Int64
    private var file: OpenFile?

    init(path: String, offset: Int64, left: Int64) {
      self.path = path
      self.offset = offset
      self.left = left
    }

    @concurrent mutating func next() async throws -> ByteBuffer? {
      guard left > 0 else { return nil }
      let path = path
      let opened = file
      let (count, from) = (Int(Swift.min(left, Int64(FileChunks.chunkBytes))), offset)
      let (file, chunk) = try await NIOThreadPool.singleton.runIfActive {
        let file = try opened ?? OpenFile(path: path)
        return (file, try file.read(count: count, at: from))
      }
      self.file = file
      offset += Int64(chunk.readableBytes)
      left -= Int64(chunk.readableBytes)
      return chunk
    }
  }
}

/// A file open for reading; closed with its last reference.
final class OpenFile: Sendable {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws(AWSError) {
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AWSError(.file, "cannot open \(path): \(String(cString: strerror(errno)))") }
  }

  deinit { close(descriptor) }

  var size: Int64 {
    get throws(AWSError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else {
        throw AWSError(.file, "cannot stat \(path): \(String(cString: strerror(errno)))")
      }
      return Int64(status.st_size)
    }
  }

  /// One to `count` bytes; an end of the file before them is an error, as the length was promised.
  func read(count: Int, at offset: Int64) throws(AWSError) -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count)
    let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
      Swift.max(0, retrying { pread(descriptor, space.baseAddress, count, off_t(offset)) })
    }
    guard got > 0 else { throw AWSError(.file, "\(path) ended at byte \(offset), earlier than when it was measured") }
    return buffer
  }

  private func retrying(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}
