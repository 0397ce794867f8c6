import CLinuxProcess

#if canImport(Glibc)
  import Glibc
#endif

/// A started host and the daemon's ends of what connects it. Owned by the worker's thread.
struct HostChannels {
  var pid: pid_t
  var pidDescriptor: Int32
  var socket: Int32
  var out: Int32
  var error: Int32

  /// Starts the host from the calling thread, whose end would end the host.
  static func spawn(hostPath: String) throws(WorkerPoolError) -> HostChannels {
    var open: [Int32] = []
    func fail(_ what: String, _ code: Int32) -> WorkerPoolError {
      for descriptor in open { close(descriptor) }
      return WorkerPoolError(.spawn, "cannot start \(hostPath): \(what): \(String(cString: strerror(code)))")
    }
    var socket: Int32 = -1
    var hostSocket: Int32 = -1
    var failure = carillon_socket_pair(&socket, &hostSocket)
    guard failure == 0 else { throw fail("socketpair", failure) }
    open += [socket, hostSocket]
    var out: Int32 = -1
    var hostOut: Int32 = -1
    failure = carillon_pipe(&out, &hostOut)
    guard failure == 0 else { throw fail("pipe", failure) }
    open += [out, hostOut]
    var error: Int32 = -1
    var hostError: Int32 = -1
    failure = carillon_pipe(&error, &hostError)
    guard failure == 0 else { throw fail("pipe", failure) }
    open += [error, hostError]

    var pid: pid_t = 0
    let words: [String] = [hostPath, "--parent", String(getpid())]
    let arguments: [UnsafeMutablePointer<CChar>?] = words.map { word in strdup(word) }
    var argv = arguments + [nil]
    failure = carillon_spawn(hostPath, &argv, environ, hostOut, hostError, hostSocket, &pid)
    for argument in arguments { free(argument) }
    guard failure == 0 else { throw fail("it could not be executed", failure) }
    for descriptor in [hostSocket, hostOut, hostError] { close(descriptor) }
    open = [socket, out, error]
    let pidDescriptor = carillon_pidfd(pid)
    guard pidDescriptor >= 0 else {
      let code = errno
      kill(-pid, SIGKILL)
      var exit: (Int32, Int32) = (0, 0)
      _ = carillon_reap(pid, &exit.0, &exit.1)  // it was just killed: how it ended says nothing
      throw fail("pidfd_open", code)
    }
    return HostChannels(pid: pid, pidDescriptor: pidDescriptor, socket: socket, out: out, error: error)
  }

  func closeAll() {
    for descriptor in [pidDescriptor, socket, out, error] { close(descriptor) }
  }
}
