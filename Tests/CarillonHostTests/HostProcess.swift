import CCarillonFrames
import Foundation
import Testing

/// A real host process with this test at the daemon's end of its connection.
///
/// Whatever a test waits for, it waits at most `patience`; then the wait throws and the process is killed on the way out.
final class HostProcess {
  struct GaveUp: Error { let waitingFor: String }

  static let patience: Duration = .seconds(60)

  /// The binary under test: `CARILLON_HOST`, or the one built with these tests.
  static let binary: String =
    ProcessInfo.processInfo.environment["CARILLON_HOST"]
    ?? (Bundle.main.executableURL ?? Bundle.main.bundleURL).deletingLastPathComponent()
    .appending(path: "carillon-host").path

  let pid: pid_t
  let socket: Int32
  private let output: Int32
  private var received: [UInt8] = []
  private var isReaped = false

  /// Starts `command` with descriptor 3 connected to this object and its stdout and stderr going into one stream. `$PARENT` in an
  /// argument becomes this process's id.
  init(command: [String] = [HostProcess.binary, "--parent", "$PARENT"]) throws {
    var sockets: [Int32] = [-1, -1]
    var pipe: [Int32] = [-1, -1]
    // Sockets for the output too: they are born close-on-exec, so no host started meanwhile holds them open.
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, kind, 0, &sockets) == 0)
    try #require(socketpair(AF_UNIX, kind, 0, &pipe) == 0)
    // Above the descriptors that are about to be assigned, or one dup2 would overwrite the source of another.
    let (theirs, write) = (fcntl(sockets[1], F_DUPFD_CLOEXEC, 10), fcntl(pipe[1], F_DUPFD_CLOEXEC, 10))
    close(sockets[1])
    close(pipe[1])

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, write, 1)
    posix_spawn_file_actions_adddup2(&actions, write, 2)
    posix_spawn_file_actions_adddup2(&actions, theirs, CARILLON_FRAME_FD)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map {
      strdup($0.replacing("$PARENT", with: "\(getpid())"))
    }
    arguments.append(nil)
    var pid: pid_t = 0
    let problem = posix_spawn(&pid, command[0], &actions, &attributes, arguments, environ)
    for argument in arguments { free(argument) }
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
    close(theirs)
    close(write)
    (self.pid, socket, output) = (pid, sockets[0], pipe[0])
    try #require(problem == 0, "\(command[0]): \(String(cString: strerror(problem)))")
  }

  deinit {
    if !isReaped && pid > 0 {  // 0 when the spawn failed; killing group 0 would kill the tests
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(socket)
    close(output)
  }

  // MARK: Frames

  func send(_ type: UInt32, id: UInt64 = 0, flags: UInt16 = 0, _ fill: (inout Body) -> Void = { _ in }) throws {
    try send(raw: Frame(type: type, flags: flags, id: id, body: Body.of(fill)).bytes)
  }

  func send(raw bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { throw GaveUp(waitingFor: "room to send: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(sent)
    }
  }

  /// The next frame; nil when the connection has ended.
  func receive() throws -> Frame? {
    while true {
      if let frame = try takeFrame() { return frame }
      guard let more = try readSome(socket, "a frame") else { return nil }
      received += more
    }
  }

  /// The next frame, which must be of this type. LOG, PROGRESS and STARTED, which come when they like, are passed over unless
  /// asked for.
  func expect(_ type: UInt32) throws -> Frame {
    while let frame = try receive() {
      if frame.type == type { return frame }
      if [CARILLON_FRAME_LOG, CARILLON_FRAME_PROGRESS, CARILLON_FRAME_STARTED].contains(frame.type) { continue }
      throw GaveUp(waitingFor: "frame \(type): \(frame.type) came instead")
    }
    throw GaveUp(waitingFor: "frame \(type), and the connection ended")
  }

  /// Outcomes until there are `count` of them, by item.
  func outcomes(_ count: Int) throws -> [Outcome] {
    var all: [Outcome] = []
    while all.count < count { all += Outcome.all(in: try expect(CARILLON_FRAME_OUTCOMES)) }
    return all.sorted { $0.item < $1.item }
  }

  private func takeFrame() throws -> Frame? {
    let header = Int(CARILLON_FRAME_HEADER)
    guard received.count >= header else { return nil }
    var reader = BodyReader(Frame(type: 0, body: Array(received.prefix(header))))
    #expect(reader.u32() == CARILLON_FRAME_MAGIC)
    let (type, flags) = (reader.number(UInt16.self), reader.number(UInt16.self))
    let length = Int(reader.u32())
    #expect(length <= Int(CARILLON_FRAME_MAX_BODY))
    #expect(reader.u32() == 0)
    let id = reader.u64()
    guard received.count >= header + length else { return nil }
    let body = Array(received[header..<header + length])
    received.removeFirst(header + length)
    return Frame(type: UInt32(type), flags: flags, id: id, body: body)
  }

  // MARK: The process

  /// Everything it printed, read until it has ended.
  func printed() throws -> String {
    var bytes: [UInt8] = []
    while let more = try readSome(output, "the end of its output") { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// How it ended: a code, or minus the signal. Its output is read first: the pipe ends when the process does.
  func ended() throws -> Int32 {
    _ = try printed()
    var status: Int32 = 0
    try #require(waitpid(pid, &status, 0) == pid)
    isReaped = true
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  func closeConnection() { shutdown(socket, Int32(SHUT_RDWR)) }

  private func readSome(_ descriptor: Int32, _ what: String) throws -> [UInt8]? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(Self.patience.components.seconds * 1000)
    guard poll(&waiting, 1, milliseconds) == 1 else { throw GaveUp(waitingFor: what) }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let size = read(descriptor, &chunk, chunk.count)
    return size > 0 ? Array(chunk.prefix(size)) : nil
  }
}
