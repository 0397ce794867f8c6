import Foundation
import Synchronization
import Testing

/// What a service manager hears: the other end of sd_notify(3), on an abstract socket or a path.
final class ServiceManager: Sendable {
  /// What `$NOTIFY_SOCKET` is to be.
  let address: String
  private let descriptor: Int32
  private let heard = Mutex<[[String: String]]>([])
  // Events of it come on a queue of its own; it is only resumed and cancelled here.
  nonisolated(unsafe) private let source: any DispatchSourceRead

  /// - Parameter path: nil: in the abstract namespace.
  init(path: String? = nil) throws {
    address = path ?? "@carillon-test-\(UUID().uuidString)"
    let kind = [SOCK_DGRAM, SOCK_CLOEXEC, SOCK_NONBLOCK].reduce(0) { $0 | Int32($1.rawValue) }
    let descriptor = socket(AF_UNIX, kind, 0)
    var bytes = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + Array(address.utf8)
    if path == nil { bytes[2] = 0 }
    let bound = bytes.withUnsafeBytes {
      bind(descriptor, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
    }
    try #require(bound == 0, "bind: \(String(cString: strerror(errno)))")
    self.descriptor = descriptor
    source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "manager"))
    source.setEventHandler { [weak self] in self?.read() }
    source.resume()
  }

  deinit {
    source.cancel()
    close(descriptor)
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      var message: [String: String] = [:]
      for line in String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n") {
        let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
        message[parts[0]] = parts.count > 1 ? parts[1] : ""
      }
      heard.withLock { $0.append(message) }
    }
  }

  var messages: [[String: String]] { heard.withLock { $0 } }

  func count(_ field: String) -> Int { messages.count { $0[field] != nil } }

  /// The first message with the field, waited for, of those after the first `skipped` messages.
  @discardableResult
  func awaited(_ field: String, after skipped: Int = 0) async throws -> [String: String] {
    try await eventually { messages.dropFirst(skipped).contains { $0[field] != nil } }
    return try #require(messages.dropFirst(skipped).first { $0[field] != nil })
  }
}
