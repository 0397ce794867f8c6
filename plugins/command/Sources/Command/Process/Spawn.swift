import CSpawn
import Glibc

/// The C calls around a process, wrapped: nothing above this file sees a pointer.
enum Spawn {
  /// A process that has been started, and this end of its pipes; all of them do not block.
  struct Started {
    var pid: pid_t
    var pidfd: Int32
    /// Nil: nothing is to be written.
    var input: Int32?
    var output: Int32
    var errors: Int32
  }

  static func start(_ launch: Launch) throws(CommandError) -> Started {
    var open: [Int32] = []
    func track(_ descriptor: Int32) -> Int32 {
      open.append(descriptor)
      return descriptor
    }
    do throws(CommandError) {
      let output = try pipe(parentEnd: 0)
      let childOutput = track(output.write)
      let parentOutput = track(output.read)
      let errors = try pipe(parentEnd: 0)
      let childErrors = track(errors.write)
      let parentErrors = track(errors.read)
      var childInput: Int32
      var parentInput: Int32?
      if case .bytes(let bytes) = launch.input, !bytes.isEmpty {
        let input = try pipe(parentEnd: 1)
        childInput = track(input.read)
        parentInput = track(input.write)
      } else {
        childInput = command_null()
        guard childInput >= 0 else { throw CommandError(.system, "/dev/null cannot be opened: \(words(errno))") }
        childInput = track(childInput)
      }
      let (pid, pidfd) = try spawn(launch, input: childInput, output: childOutput, errors: childErrors)
      for descriptor in [childInput, childOutput, childErrors] { close(descriptor) }
      return Started(pid: pid, pidfd: pidfd, input: parentInput, output: parentOutput, errors: parentErrors)
    } catch {
      for descriptor in open { close(descriptor) }
      throw error
    }
  }

  private static func pipe(parentEnd: Int32) throws(CommandError) -> (read: Int32, write: Int32) {
    var read: Int32 = -1
    var write: Int32 = -1
    let code = command_pipe(parentEnd, &read, &write)
    guard code == 0 else { throw CommandError(.system, "there is no pipe for the command: \(words(code))") }
    return (read, write)
  }

  private static func spawn(
    _ launch: Launch, input: Int32, output: Int32, errors: Int32
  ) throws(CommandError) -> (pid_t, Int32) {
    let strings = CStrings()
    let groups = launch.account?.groups ?? []
    var pid: pid_t = 0
    var pidfd: Int32 = -1
    var stage: Int32 = 0
    let code = groups.withUnsafeBufferPointer { groups in
      var native = command_launch(
        path: strings.string(launch.path), argv: strings.list(launch.arguments), envp: strings.list(launch.environment),
        directory: strings.string(Array(launch.directory.utf8)), stdin_path: nil, stdin_fd: input, stdout_fd: output,
        stderr_fd: errors, sets_user: launch.account == nil ? 0 : 1, uid: launch.account?.user ?? 0,
        gid: launch.account?.group ?? 0, groups: groups.baseAddress, group_count: groups.count, umask: launch.umask)
      if case .file(let path) = launch.input { native.stdin_path = UnsafePointer(strings.string(Array(path.utf8))) }
      // Nothing but this holds the copies until the C side has read them.
      return withExtendedLifetime(strings) { command_spawn(&native, &pid, &pidfd, &stage) }
    }
    guard code == 0 else { throw failure(launch, stage: stage, code: code) }
    return (pid, pidfd)
  }

  /// How the process ended; nil: it has not.
  static func reap(_ pid: pid_t) -> ProcessEnd? {
    var native = command_end()
    let code = command_reap(pid, &native)
    if code == EAGAIN { return nil }
    // ECHILD: somebody in this process took it, which nothing here does. It is gone all the same.
    guard code == 0 else { return ProcessEnd(exitCode: 127) }
    var end = ProcessEnd()
    end.exitCode = Int(native.code)
    end.signal = native.signal == 0 ? nil : Int(native.signal)
    end.userTime = .microseconds(native.user_us)
    end.systemTime = .microseconds(native.system_us)
    end.maxResidentKiB = Int(native.max_rss_kib)
    return end
  }

  /// A descriptor to wake a poll with.
  static func wakeDescriptor() throws(CommandError) -> Int32 {
    let descriptor = command_wake_descriptor()
    guard descriptor >= 0 else { throw CommandError(.system, "there is no descriptor for the commands: \(words(errno))") }
    return descriptor
  }

  static func words(_ code: Int32) -> String { String(cString: strerror(code)) }

  private static func failure(_ launch: Launch, stage: Int32, code: Int32) -> CommandError {
    let program = String(decoding: launch.path, as: UTF8.self)
    let reason = words(code)
    switch stage {
    case COMMAND_STAGE_GROUPS, COMMAND_STAGE_GROUP, COMMAND_STAGE_USER:
      let name = launch.account?.name ?? ""
      return CommandError(
        code == EAGAIN ? .system : .account, "the command cannot be run as \(name): \(reason); that takes root")
    case COMMAND_STAGE_DIRECTORY:
      return CommandError(.file, "the working directory \(launch.directory) cannot be entered: \(reason)")
    case COMMAND_STAGE_STDIN:
      guard case .file(let path) = launch.input else { break }
      return CommandError(.file, "\(path) cannot be opened for standard input: \(reason)")
    case COMMAND_STAGE_EXEC:
      switch code {
      case E2BIG:
        return CommandError(
          .item, "\(program) cannot be run: its arguments and environment are too long; hand items over with `stdin: item`")
      case ENOEXEC:
        return CommandError(
          .program, "\(program) cannot be run: it is no program of this machine, and no script that begins with #!")
      case ENOENT where access(program, F_OK) == 0:
        return CommandError(.program, "\(program) cannot be run: the interpreter that it names is not there")
      case ENOENT, ENOTDIR: return CommandError(.program, "there is no program \(program)")
      case EACCES, EPERM, ELIBBAD, EISDIR, ELOOP, ENAMETOOLONG, EINVAL:
        return CommandError(.program, "\(program) cannot be run: \(reason)")
      default: return CommandError(.system, "\(program) cannot be run: \(reason)")
      }
    default: break
    }
    return CommandError(.system, "\(program) cannot be started: \(reason)")
  }
}

/// C copies of texts that live as long as the value.
private final class CStrings {
  private var strings: [UnsafeMutablePointer<CChar>] = []
  private var lists: [UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>] = []

  func string(_ bytes: [UInt8]) -> UnsafeMutablePointer<CChar> {
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (place, byte) in bytes.enumerated() { copy[place] = CChar(bitPattern: byte) }
    copy[bytes.count] = 0
    strings.append(copy)
    return copy
  }

  /// Ends with a null pointer.
  func list(_ texts: [[UInt8]]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> {
    let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
    for (place, text) in texts.enumerated() { list[place] = string(text) }
    list[texts.count] = nil
    lists.append(list)
    return list
  }

  deinit {
    for string in strings { string.deallocate() }
    for list in lists { list.deallocate() }
  }
}
