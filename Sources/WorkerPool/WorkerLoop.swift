import CLinuxProcess
import JobModel

#if canImport(Glibc)
  import Glibc
#endif

/// The loop of a worker's thread: waits for the socket, the output pipes, the process's end and its own wake-ups.
struct WorkerLoop: ~Copyable {
  private let worker: WorkerProcess
  private let channels: HostChannels
  private let liveness: WorkerProcess.Liveness
  private var frames = FrameReader()
  private var outLines = LineSplitter()
  private var errorLines = LineSplitter()
  private var outgoing: [UInt8] = []
  private var written = 0
  private var wasKilled = false
  private var socketIsOpen = true
  private var outIsOpen = true
  private var errorIsOpen = true
  /// A clock that stands still while the machine sleeps.
  private let clock = SuspendingClock()
  private var lastPing: SuspendingClock.Instant
  /// When it was pinged, and nothing has been heard since. Its silence counts from here, not from its last word: what it said
  /// meanwhile may wait unread in the socket, as it does while `deliver` blocks.
  private var pingedAt: SuspendingClock.Instant?
  private var pingID: UInt64 = 0
  private let buffer: UnsafeMutableRawBufferPointer

  private static let readBytes = 256 * 1024

  init(worker: WorkerProcess, channels: HostChannels, liveness: WorkerProcess.Liveness) {
    self.worker = worker
    self.channels = channels
    self.liveness = liveness
    lastPing = clock.now
    // The thread's own read buffer, used for every read and freed with the loop.
    buffer = .allocate(byteCount: Self.readBytes, alignment: 16)
  }

  deinit { buffer.deallocate() }

  mutating func run() {
    while true {
      var sets = [
        pollfd(fd: channels.pidDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: worker.wakeFileDescriptor, events: Int16(POLLIN), revents: 0),
        pollfd(fd: outIsOpen ? channels.out : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: errorIsOpen ? channels.error : -1, events: Int16(POLLIN), revents: 0),
        pollfd(
          fd: socketIsOpen ? channels.socket : -1,
          events: Int16(POLLIN | (written < outgoing.count ? POLLOUT : 0)), revents: 0),
      ]
      let timeout = max(1, min(liveness.interval.wholeMicroseconds / 1_000, 60_000))
      if poll(&sets, nfds_t(sets.count), Int32(timeout)) < 0 && errno != EINTR { break }
      let woke = clock.now
      if sets[1].revents != 0 { worker.drainWake() }
      if sets[4].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 { readSocket() }
      // Closed by the plugin, a pipe would be reported in every round.
      if sets[2].revents != 0 { outIsOpen = readOutput(channels.out, isError: false) }
      if sets[3].revents != 0 { errorIsOpen = readOutput(channels.error, isError: true) }
      if sets[0].revents != 0 { break }
      if worker.wantsKill { kill() }
      writeSocket()
      // While we deliver, which may wait for a full mailbox or a slow disk, we hear nothing: that is not its silence.
      pingedAt = pingedAt?.advanced(by: woke.duration(to: clock.now))
      checkLiveness()
    }
    end()
  }

  // MARK: Reading

  /// False when there was nothing to read.
  @discardableResult
  private mutating func readSocket() -> Bool {
    let count = read(channels.socket, buffer.baseAddress, Self.readBytes)
    if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) {
      // Its end of the socket is closed while it lives on: it can do nothing for us any more. Its exit is waited for.
      socketIsOpen = false
      kill()
      return false
    }
    guard count > 0 else { return false }
    pingedAt = nil
    frames.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    do throws(FrameReader.Violation) {
      while let frame = try frames.next() {
        let event = try frames.withBody(of: frame) { (body) throws(FrameReader.Violation) in
          try FrameDecoder.decode(frame, body: body)
        }
        if let event, !wasKilled { worker.deliver(event) }
      }
    } catch {
      violate("it broke the frame contract: \(error.description)")
    }
    return true
  }

  /// False when nobody can write there any more.
  @discardableResult
  private mutating func readOutput(_ descriptor: Int32, isError: Bool) -> Bool {
    let count = read(descriptor, buffer.baseAddress, Self.readBytes)
    guard count > 0 else { return count < 0 && (errno == EAGAIN || errno == EINTR) }
    let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
    let worker = worker
    if isError {
      errorLines.append(bytes) { worker.deliver(.output(isError: true, line: $0)) }
    } else {
      outLines.append(bytes) { worker.deliver(.output(isError: false, line: $0)) }
    }
    return true
  }

  // MARK: Writing

  private mutating func writeSocket() {
    while socketIsOpen {
      if written == outgoing.count {
        outgoing = worker.takeOutgoing()
        written = 0
        guard !outgoing.isEmpty else { return }
      }
      let count = outgoing.withUnsafeBytes { bytes in  // the array's bytes, for the length of one call
        Glibc.send(channels.socket, bytes.baseAddress! + written, bytes.count - written, Int32(MSG_NOSIGNAL))
      }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { socketIsOpen = false }
        break
      }
      written += count
    }
  }

  // MARK: Liveness and the end

  private mutating func checkLiveness() {
    let now = clock.now
    guard !wasKilled else { return }
    if let pingedAt, pingedAt.duration(to: now) > liveness.patience {
      violate("its host did not answer for \(Int(pingedAt.duration(to: now).inSeconds)) s")
    } else if lastPing.duration(to: now) >= liveness.interval {
      lastPing = now
      pingedAt = pingedAt ?? now
      pingID += 1
      worker.send { [pingID] in $0.ping(id: pingID) }
    }
  }

  private mutating func violate(_ message: String) {
    guard !wasKilled else { return }
    worker.deliver(.violation(message))
    kill()
  }

  private mutating func kill() {
    guard !wasKilled else { return }
    wasKilled = true
    Glibc.kill(-channels.pid, SIGKILL)
  }

  /// The process has ended: takes what it left unread, ends what it left running, and tells.
  private mutating func end() {
    worker.closeOutbox()
    // The group first, while the unreaped leader still holds its number: whatever the plugin started dies with it.
    Glibc.kill(-channels.pid, SIGKILL)
    drainRest()
    var code: Int32 = 0
    var signal: Int32 = 0
    let failure = carillon_reap(channels.pid, &code, &signal)
    channels.closeAll()
    let end: WorkerEnd =
      failure != 0 ? .exited(code: -1) : signal != 0 ? .signalled(signal) : .exited(code: code)
    worker.deliver(.ended(end))
  }

  private mutating func drainRest() {
    // A plugin can leave at most what the kernel buffers; the count keeps a stolen descriptor from feeding us for ever.
    for _ in 0..<64 {
      guard socketIsOpen, readSocket() else { break }
    }
    for _ in 0..<8 { readOutput(channels.out, isError: false) }
    for _ in 0..<8 { readOutput(channels.error, isError: true) }
    let worker = worker
    outLines.flush { worker.deliver(.output(isError: false, line: $0)) }
    errorLines.flush { worker.deliver(.output(isError: true, line: $0)) }
  }
}
