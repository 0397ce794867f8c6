#if canImport(Glibc)
  internal import Glibc
#endif

internal import Synchronization

/// The flock(2) that makes one engine the only writer of a state directory. Held until `release`, or until the process ends.
/// The file holds the owner's pid as text and stays in place: removing it would let two owners lock two files.
final class EngineLock: Sendable {
  /// nil once released: the number may be another file's by then.
  private let descriptor: Mutex<Int32?>

  /// Takes the lock, or throws `locked` naming the process that has it.
  init(_ directory: StateDirectory) throws(StoreError) {
    let descriptor = open(directory.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw StateDirectory.failure("cannot open \(directory.lockPath)", errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      let owner = Self.readOwner(descriptor)
      close(descriptor)
      guard code == EWOULDBLOCK else { throw StateDirectory.failure("cannot lock \(directory.lockPath)", code) }
      throw StoreError(
        .locked,
        "another carillon\(owner) is using \(directory.path): wait for it, stop it, or name another state directory"
      )
    }
    let pid = Array("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, pid, pid.count, 0) == pid.count else {
      let code = errno
      close(descriptor)
      throw StateDirectory.failure("cannot write \(directory.lockPath)", code)
    }
    self.descriptor = Mutex(descriptor)
  }

  func release() {
    guard let descriptor = descriptor.withLock({ $0.take() }) else { return }
    // By word: a process that is just being started has a copy of the descriptor until its exec, and would keep the lock.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// " (pid 1234)", or nothing where the owner has not written it yet.
  private static func readOwner(_ descriptor: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &buffer, buffer.count, 0)
    let digits = buffer.prefix(max(0, count)).prefix { $0 >= 0x30 && $0 <= 0x39 }
    return digits.isEmpty ? "" : " (pid \(String(decoding: digits, as: UTF8.self)))"
  }
}
