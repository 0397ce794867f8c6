import Foundation
import JobModel
import Synchronization
import Testing
import WorkerPool

/// A host that does not answer is ended; one that we did not listen to is not.
@Suite(.timeLimit(.minutes(5))) struct LivenessTests {
  private static var impatient: WorkerProcess.Liveness {
    var liveness = WorkerProcess.Liveness()
    liveness.interval = .milliseconds(20)
    liveness.patience = .milliseconds(300)
    return liveness
  }

  @Test func aStoppedHostIsKilled() async throws {
    let recorder = Recorder()
    let process = try await WorkerProcess.start(
      hostPath: Probe.host, liveness: Self.impatient, deliver: recorder.listener)
    #expect(await Probe.waits { !recorder.events.isEmpty }, "it never said hello")
    kill(process.pid, SIGSTOP)
    #expect(await Probe.waits { recorder.end != nil })
    #expect(recorder.end == .signalled(SIGKILL))
    #expect(recorder.violations.first?.contains("did not answer") == true)
  }

  @Test func aHostThatAnswersLivesOn() async throws {
    let recorder = Recorder()
    let process = try await WorkerProcess.start(
      hostPath: Probe.host, liveness: Self.impatient, deliver: recorder.listener)
    func pongs() -> Int { recorder.events.count { if case .pong = $0 { true } else { false } } }
    #expect(await Probe.waits { pongs() >= 30 || recorder.end != nil })
    #expect(recorder.end == nil, "\(recorder.violations)")
    process.send { $0.shutdown() }
    #expect(await Probe.waits { recorder.end != nil })
    #expect(recorder.end == .exited(code: 0))
  }

  /// A full disk or a busy store holds the listener up; that is no fault of the worker's.
  @Test func ourOwnSilenceIsNotTheHosts() async throws {
    let recorder = Recorder()
    let listener = recorder.listener
    let held = Mutex(false)
    let process = try await WorkerProcess.start(hostPath: Probe.host, liveness: Self.impatient) { event in
      listener(event)
      guard case .pong = event, !held.withLock({ $0 }) else { return }
      held.withLock { $0 = true }
      let until = ContinuousClock.now + Self.impatient.patience * 2
      while ContinuousClock.now < until { usleep(1_000) }  // what is tried is a listener that blocks for so long
    }
    func pongs() -> Int { recorder.events.count { if case .pong = $0 { true } else { false } } }
    #expect(await Probe.waits { pongs() >= 5 || recorder.end != nil })
    #expect(recorder.end == nil, "\(recorder.violations)")
    process.kill()
    #expect(await Probe.waits { recorder.end != nil })
  }

  @Test func aPluginThatClosesItsOutputKeepsNobodyBusy() async throws {
    let probe = try Probe()
    let spec = try Probe.spec(try probe.build("CLOSE_OUTPUT"))
    let worker = try await Probe.pool().obtain(spec, timeout: .seconds(20)) { _ in }
    // What the worker's thread, on which events are delivered, has used of the processor at each answer.
    let used = Mutex<[Duration]>([])
    worker.attach { event in
      guard case .pong = event else { return }
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      used.withLock { $0.append(.seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)) }
    }
    // A thread that is kept busy uses all the time that passes between two answers.
    for id in 1...20 as ClosedRange<UInt64> {
      let next = ContinuousClock.now + .milliseconds(20)
      #expect(await Probe.waits { ContinuousClock.now >= next })
      worker.send { $0.ping(id: id) }
      #expect(await Probe.waits { used.withLock { $0.count >= id } })
    }
    let busy = used.withLock { $0.last! - $0.first! }
    #expect(busy < .milliseconds(100), "\(busy) of processor time for 20 answers")
    await worker.end(grace: .seconds(20), time: SystemTimeSource())
  }

  @Test func aFloodStaysInTheWorker() async throws {
    let probe = try Probe()
    let gate = Gate()
    let spec = try Probe.spec(try probe.build("FLOOD"))
    let worker = try await Probe.pool().obtain(spec, timeout: .seconds(20)) { event in
      if case .output = event { gate.pass() }
    }
    // Only now: the flood may come before the worker's word that it is ready, by the same thread.
    gate.shut()
    defer { gate.open() }
    #expect(await Probe.waits { gate.isWaitedAt }, "nothing was printed")
    // Blocked when what it has written stands still: the pipe is full, and nobody reads on.
    var last = -1
    var still = 0
    #expect(
      await Probe.waits {
        let written = Self.written(by: worker.pid)
        still = written == last ? still + 1 : 0
        last = written
        return still >= 20
      })
    #expect(last < 1 << 20, "\(last) bytes were taken from a worker that nobody listens to")
    gate.open()
    #expect(await Probe.waits { Self.written(by: worker.pid) > last + 1 << 20 }, "it does not go on")
    worker.kill()
    #expect(await Probe.waits { worker.hasEnded })
  }

  /// Bytes that a process has written so far (proc(5), io).
  private static func written(by pid: Int32) -> Int {
    guard let io = FileManager.default.contents(atPath: "/proc/\(pid)/io") else { return -1 }
    let line = String(decoding: io, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("wchar") }
    return line.flatMap { Int($0.split(separator: " ")[1]) } ?? -1
  }
}

/// Holds who passes while it is shut.
private final class Gate: @unchecked Sendable {  // every access holds the condition
  private let condition = NSCondition()
  private var isOpen = true
  private var waiting = 0

  var isWaitedAt: Bool { condition.withLock { waiting > 0 } }

  func pass() {
    condition.withLock {
      waiting += 1
      while !isOpen { condition.wait() }
      waiting -= 1
    }
  }

  func shut() { condition.withLock { isOpen = false } }

  func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }
}
