#if canImport(Glibc)
  internal import Glibc
#endif

/// A unix datagram socket that is only written to: what systemd and its journal listen on.
final class DatagramSocket: Sendable {
  private let descriptor: Int32
  private let address: [UInt8]

  /// `path`: absolute, or with a leading `@` for the abstract namespace, see unix(7). nil for what is neither or too long.
  init?(path: String) {
    guard let address = Self.address(path) else { return nil }
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    self.descriptor = descriptor
    self.address = address
  }

  deinit { close(descriptor) }

  /// Sends one datagram. Returns 0, or an errno.
  func send(_ bytes: [UInt8]) -> Int32 {
    while true {
      let sent = address.withUnsafeBytes { address in
        bytes.withUnsafeBytes { bytes in
          sendto(
            descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL),
            address.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(address.count))
        }
      }
      if sent >= 0 { return 0 }
      if errno != EINTR { return errno }
    }
  }

  /// A `sockaddr_un` that ends with the name: in the abstract namespace every byte counts.
  private static func address(_ path: String) -> [UInt8]? {
    var name = Array(path.utf8)
    guard name.count >= 2, name.count < 108, name[0] == UInt8(ascii: "/") || name[0] == UInt8(ascii: "@") else { return nil }
    if name[0] == UInt8(ascii: "@") { name[0] = 0 } else { name.append(0) }
    return withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) } + name
  }
}
