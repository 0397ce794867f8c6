import Glibc

/// A command under way, from the side of the loop's thread, which alone uses it.
///
/// It runs until its pidfd says that it ended. Then the rest of its group is seen to, what it printed is read, and it is over.
final class WatchedProcess {
  /// How often a group that was told to stop is looked at, once its first process has ended.
  private static let lookInterval = Duration.milliseconds(20)

  /// What is read after the end, at most: somebody who left the group may go on writing for ever.
  private static let maxBytesAfterEnd = 1 << 20

  /// Of its first process, and its group's.
  let pid: pid_t

  private let process: RunningProcess
  private let startedAt: ContinuousClock.Instant
  private var pidfd: Int32?
  private var input: Int32?
  private var output: Int32?
  private var errors: Int32?
  private var inputBytes: ArraySlice<UInt8> = []
  private var bytesAfterEnd = 0
  private var buffer = [UInt8](repeating: 0, count: 65_536)

  /// Set when the first process has ended.
  private var end: ProcessEnd?
  private var stopReason: ProcessEnd.Stop?
  private var timeoutAt: ContinuousClock.Instant?
  /// When SIGKILL follows the SIGTERM that was sent.
  private var killAt: ContinuousClock.Instant?
  private var wasKilled = false
  /// When the rest of the group is looked at again; nil: nobody is waited for.
  private var lookAt: ContinuousClock.Instant?

  private(set) var isOver = false

  init(_ process: RunningProcess, _ started: Spawn.Started, at now: ContinuousClock.Instant) {
    self.process = process
    pid = started.pid
    pidfd = started.pidfd
    input = started.input
    output = started.output
    errors = started.errors
    startedAt = now
    timeoutAt = process.launch.timeout.map { now + $0 }
    if case .bytes(let bytes) = process.launch.input { inputBytes = bytes[...] }
  }

  /// The next moment at which something is to be done unasked.
  var nextDeadline: ContinuousClock.Instant? {
    [stopReason == nil ? timeoutAt : nil, wasKilled ? nil : killAt, lookAt].compactMap(\.self).min()
  }

  func addDescriptors(to list: inout [pollfd]) {
    func add(_ descriptor: Int32?, _ events: Int32) {
      if let descriptor { list.append(pollfd(fd: descriptor, events: Int16(events), revents: 0)) }
    }
    add(pidfd, POLLIN)
    add(input, POLLOUT)
    // A process whose output nobody takes has to wait, as at any pipe.
    guard process.hasRoom else { return }
    add(output, POLLIN)
    add(errors, POLLIN)
  }

  /// Does what is possible and what is due.
  func advance(_ ready: Set<Int32>, _ now: ContinuousClock.Instant) {
    if let input, ready.contains(input) { writeInput() }
    if let output, ready.contains(output), read(output, .output) == .closed { Self.shut(&self.output) }
    if let errors, ready.contains(errors), read(errors, .errors) == .closed { Self.shut(&self.errors) }
    if let pidfd, ready.contains(pidfd) { takeEnd(now) }
    if let timeoutAt, now >= timeoutAt { stop(.timeout, at: now) }
    if let killAt, now >= killAt, !wasKilled {
      signalGroup(SIGKILL)
      wasKilled = true
      lookAt = nil
    }
    if let lookAt, now >= lookAt { self.lookAt = isGroupLeft ? now + Self.lookInterval : nil }
    finishIfPossible()
  }

  /// SIGTERM to the group; the rest follows. Only the first reason counts.
  func stop(_ reason: ProcessEnd.Stop, at now: ContinuousClock.Instant) {
    guard stopReason == nil, !isOver else { return }
    stopReason = reason
    killAt = now + process.launch.grace
    signalGroup(SIGTERM)
    signalGroup(SIGCONT)  // one that is stopped would never hear it
    if end != nil { lookAt = now }
  }

  /// The loop ends: nobody waits for the command any more.
  func abandon() {
    signalGroup(SIGKILL)
    if let pidfd {
      var descriptor = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
      _ = poll(&descriptor, 1, 1_000)
      _ = Spawn.reap(pid)
    }
    conclude(ProcessEnd(signal: Int(SIGKILL), stop: .cancelled))
  }

  private func takeEnd(_ now: ContinuousClock.Instant) {
    guard var end = Spawn.reap(pid) else { return }
    end.duration = now - startedAt
    // The number stays taken as long as the group has members, so no other process can be meant from here on.
    let isLeft = isGroupLeft
    if isLeft, stopReason == nil, process.launch.background == .kill {
      signalGroup(SIGTERM)
      end.endedOthers = true
      killAt = now + process.launch.grace
    }
    if isLeft, killAt != nil, !wasKilled { lookAt = now + Self.lookInterval }
    self.end = end
    Self.shut(&pidfd)
    Self.shut(&input)
    if stopReason == nil, process.launch.background == .kill { timeoutAt = nil }
  }

  private func finishIfPossible() {
    guard var end, lookAt == nil else { return }
    let waitsForOutput = process.launch.background == .leave && stopReason == nil
    if waitsForOutput, output != nil || errors != nil { return }
    // What is in the pipes is still its own, even if somebody who left the group holds them open.
    for (descriptor, stream) in [(output, RunningProcess.Stream.output), (errors, .errors)] {
      if let descriptor, read(descriptor, stream) == .full { return }
    }
    end.stop = stopReason
    conclude(end)
  }

  private func conclude(_ end: ProcessEnd) {
    Self.shut(&pidfd)
    Self.shut(&input)
    Self.shut(&output)
    Self.shut(&errors)
    isOver = true
    process.post(.ended(end))
  }

  /// Zombies do not count: where nobody reaps orphans, as in many containers, they stay for ever.
  private var isGroupLeft: Bool { (kill(-pid, 0) == 0 || errno == EPERM) && ProcessGroup.isAlive(pid) }

  private func signalGroup(_ signal: Int32) { _ = kill(-pid, signal) }

  private enum Reading {
    case empty
    case full
    case closed
  }

  /// Reads what is there, as long as there is room for it.
  private func read(_ descriptor: Int32, _ stream: RunningProcess.Stream) -> Reading {
    while process.hasRoom {
      if bytesAfterEnd > Self.maxBytesAfterEnd, process.launch.background == .kill { return .empty }
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count > 0 {
        if end != nil { bytesAfterEnd += count }
        process.post(.printed(stream, Array(buffer[..<count])))
      } else if count == 0 {
        return .closed
      } else if errno != EINTR {
        return errno == EAGAIN ? .empty : .closed
      }
    }
    return .full
  }

  private func writeInput() {
    guard let input else { return }
    while !inputBytes.isEmpty {
      let count = inputBytes.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count > 0 {
        inputBytes = inputBytes.dropFirst(count)
      } else if errno == EAGAIN {
        return
      } else if errno != EINTR {
        break  // EPIPE: it does not want the rest, which is its own affair
      }
    }
    inputBytes = []
    Self.shut(&self.input)
  }

  private static func shut(_ descriptor: inout Int32?) {
    if let open = descriptor { close(open) }
    descriptor = nil
  }
}
