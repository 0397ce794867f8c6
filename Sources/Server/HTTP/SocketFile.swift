import ControlAPI
import Foundation

/// The unix socket's place in the file system.
struct SocketFile: Sendable {
  /// Bytes that fit `sun_path` with its ending NUL, unix(7).
  static let maxPathBytes = 107

  let path: String
  /// The group whose members may connect; nil: as the folder says.
  let group: gid_t?

  /// Which file it is, once made: another one in its place is not ours.
  struct Identity: Hashable, Sendable {
    var device: dev_t
    var inode: ino_t
  }

  /// Makes the socket, bound and not listening yet, with mode 0660: nobody can connect before that. A socket that a daemon
  /// left behind is removed. Throws `conflict` when somebody answers there, `invalid` for a path that is too long or taken by
  /// another kind of file, `storage` for a folder that cannot be written.
  func bind() throws(ControlError) -> (descriptor: Int32, identity: Identity) {
    var address = try address()
    try removeIfStale()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw failure("make a socket for", errno) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(descriptor, $0, size) }
    }
    do throws(ControlError) {
      guard result == 0 else {
        if errno == EADDRINUSE { throw ControlError(.conflict, "\(path) was taken by another process just now") }
        throw failure("make", errno)
      }
      // Connecting fails until `listen`: the mode is in force before anybody can.
      if let group, chown(path, uid_t.max, group) != 0 { throw failure("give its group", errno) }
      guard chmod(path, 0o660) == 0 else { throw failure("set the mode of", errno) }
      return (descriptor, try identity())
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Removes the file if it is still the one that was made.
  func remove(_ identity: Identity) {
    var status = stat()
    guard lstat(path, &status) == 0, Identity(device: status.st_dev, inode: status.st_ino) == identity else { return }
    unlink(path)
  }

  private func identity() throws(ControlError) -> Identity {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw failure("look at", errno) }
    return Identity(device: status.st_dev, inode: status.st_ino)
  }

  private func address() throws(ControlError) -> sockaddr_un {
    let bytes = Array(path.utf8)
    guard bytes.count <= Self.maxPathBytes else {
      throw ControlError(
        .invalid,
        "the socket's path has \(bytes.count) bytes, and the system takes \(Self.maxPathBytes): name a shorter one with --socket "
          + "or $CARILLON_SOCKET: \(path)")
    }
    guard path.hasPrefix("/"), !bytes.contains(0) else {
      throw ControlError(.invalid, "the socket's path must be absolute, is \"\(path)\"")
    }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }

  private func removeIfStale() throws(ControlError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw failure("look at", errno)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw ControlError(.invalid, "\(path) is there and is no socket: remove it, or name another path with --socket")
    }
    var address = try address()
    let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard probe >= 0 else { throw failure("make a socket for", errno) }
    defer { close(probe) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(probe, $0, size) }
    }
    // A full backlog (EAGAIN) is somebody too.
    guard result != 0, errno == ECONNREFUSED else {
      if result != 0, errno != EAGAIN { throw failure("see who answers on", errno) }
      throw ControlError(.conflict, "another process answers on \(path): stop it, or name another path with --socket")
    }
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("remove the stale socket", errno) }
  }

  private func failure(_ action: String, _ code: Int32) -> ControlError {
    ControlError(.storage, "cannot \(action) \(path): \(String(cString: strerror(code)))")
  }
}
