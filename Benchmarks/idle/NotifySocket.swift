import Foundation

/// The service manager's end of sd_notify(3).
final class NotifySocket {
  let path: String
  private let descriptor: Int32

  init(_ path: String) throws {
    self.path = path
    unlink(path)
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    let bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + Array(path.utf8) + [0]
    guard bytes.count <= MemoryLayout<sockaddr_un>.size else { throw BenchError("\(path) is too long for a socket") }
    let bound = bytes.withUnsafeBytes {
      bind(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    guard bound == 0 else { throw BenchError("\(path): \(String(cString: strerror(errno)))") }
    var limit = timeval(tv_sec: 600, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// Throws when ten minutes pass without a word.
  func awaitReady() throws {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { throw BenchError("the daemon does not become ready") }
      let message = String(decoding: buffer[..<count], as: UTF8.self)
      guard !message.contains("PROBLEM") else { throw BenchError(message) }
      if message.split(separator: "\n").contains("READY=1") { return }
    }
  }
}
