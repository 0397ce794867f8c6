import Glibc

/// What the loop's thread does: waits for anything that happens to any command, and acts on it.
struct LoopThread {
  private let inbox: LoopInbox
  private let clock = ContinuousClock()
  private var watched: [ObjectIdentifier: WatchedProcess] = [:]
  private var isOver = false
  private var guardian: Guardian?

  init(_ inbox: LoopInbox) { self.inbox = inbox }

  mutating func run() {
    while !isOver {
      var descriptors = [pollfd(fd: inbox.wake, events: Int16(POLLIN), revents: 0)]
      for process in watched.values { process.addDescriptors(to: &descriptors) }
      let code = poll(&descriptors, nfds_t(descriptors.count), milliseconds())
      let ready = code > 0 ? Set(descriptors.lazy.filter { $0.revents != 0 }.map(\.fd)) : []
      if ready.contains(inbox.wake) { for message in inbox.take() { handle(message) } }
      let now = clock.now
      for (id, process) in watched {
        process.advance(ready, now)
        if process.isOver { forget(id, process) }
      }
    }
    for (id, process) in watched {
      process.abandon()
      forget(id, process)
    }
    guardian?.end()
  }

  private mutating func forget(_ id: ObjectIdentifier, _ process: WatchedProcess) {
    watched[id] = nil
    guardian?.forget(group: process.pid)
  }

  private mutating func handle(_ message: LoopInbox.Message) {
    switch message {
    case .start(let process):
      do throws(CommandError) {
        if guardian == nil { guardian = try Guardian() }
        let started = try Spawn.start(process.launch)
        guardian?.watch(started, grace: process.launch.grace)
        watched[ObjectIdentifier(process)] = WatchedProcess(process, started, at: clock.now)
      } catch {
        process.post(.notStarted(error))
      }
    case .stop(let process): watched[ObjectIdentifier(process)]?.stop(.cancelled, at: clock.now)
    case .room: break
    case .quit: isOver = true
    }
  }

  /// How long nothing can be due; -1: for ever.
  private func milliseconds() -> Int32 {
    guard let next = watched.values.compactMap(\.nextDeadline).min() else { return -1 }
    let (seconds, attoseconds) = max(.zero, next - clock.now).components
    // Rounded up, so that it does not spin through the last millisecond.
    return Int32(min(seconds * 1_000 + attoseconds / 1_000_000_000_000_000 + 1, 3_600_000))
  }
}
