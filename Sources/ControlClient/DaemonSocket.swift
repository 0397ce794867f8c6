package import ControlAPI
import Foundation

/// The unix socket on which a daemon is asked, before anything is asked.
package struct DaemonSocket: Hashable, Sendable {
  /// The longest path that fits a `sockaddr_un` (unix(7)).
  static let longestPath = 107

  package let path: String

  /// - Parameter path: absolute.
  package init(_ path: String) { self.path = path }

  /// Connects, and says who listens. Throws `notHere` when nobody does, `forbidden` when this user may not connect, and `invalid` for
  /// what cannot be a socket's path.
  /// - Returns: the daemon's process id, as the kernel knows it (SO_PEERCRED).
  @discardableResult
  package func peer() throws(ControlError) -> Int {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw ControlError(.fault, "cannot make a socket: \(Self.words(errno))") }
    defer { close(descriptor) }
    var address = try address()
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw refusal(errno) }
    // unix(7)'s struct ucred, which Glibc hides from Swift: pid, uid, gid.
    var credentials: (pid: Int32, uid: UInt32, gid: UInt32) = (0, 0, 0)
    var size = socklen_t(MemoryLayout.size(ofValue: credentials))
    guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0 else {
      throw ControlError(.fault, "cannot ask who listens on \(path): \(Self.words(errno))")
    }
    return Int(credentials.pid)
  }

  private func address() throws(ControlError) -> sockaddr_un {
    guard path.utf8.count <= Self.longestPath else {
      throw ControlError(
        .invalid,
        "the socket's path is \(path.utf8.count) bytes long and may have \(Self.longestPath): \(path); choose a shorter one with "
          + "--socket or $CARILLON_SOCKET")
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return address
  }

  private func refusal(_ code: Int32) -> ControlError {
    switch code {
    case ENOENT:
      ControlError(.notHere, "no daemon runs: there is no socket \(path); start one with \"carillon daemon\"")
    case ECONNREFUSED:
      ControlError(
        .notHere,
        "no daemon runs: nobody listens on \(path), which one left behind; start one with \"carillon daemon\"")
    case EACCES, EPERM:
      ControlError(.forbidden, "the daemon's socket \(path) is closed to this user; \(membership)")
    case ENOTSOCK, EPROTOTYPE, ENOTDIR:
      ControlError(.invalid, "\(path) is no daemon's socket: \(Self.words(code))")
    case EAGAIN:
      ControlError(.unavailable, "the daemon on \(path) is too busy to answer; try again")
    default:
      ControlError(.unavailable, "cannot reach the daemon on \(path): \(Self.words(code))")
    }
  }

  /// What would let this user in.
  private var membership: String {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & 0o060 == 0o060, let group = getgrgid(status.st_gid),
      let name = group.pointee.gr_name
    else { return "its owner or root may use it" }
    let groupName = String(cString: name)
    return "members of the group \(groupName) may use it: adduser USER \(groupName), then log in again"
  }

  static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
