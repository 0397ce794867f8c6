import Glibc
import Synchronization

/// A server that takes mail, over up to so many connections that are kept and shared. Each has a thread, which ends when there is
/// nothing to send for a while. Any thread.
package final class Relay: Sendable {
  package let settings: RelaySettings
  private let jobs: JobQueue

  package init(_ settings: RelaySettings) {
    self.settings = settings
    jobs = JobQueue(maxLanes: settings.maxConnections)
  }

  /// Sends one message. Cancelled before its turn, it is not sent; later it is seen through.
  package func deliver(_ envelope: Envelope) async -> Delivery {
    let id = jobs.nextID()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let job = Job(id: id, work: .deliver(envelope), answer: { continuation.resume(returning: $0) })
        if jobs.add(job) { LaneThread.start(settings, jobs) }
        if Task.isCancelled { jobs.remove(id)?.answer(.cancelled) }
      }
    } onCancel: {
      jobs.remove(id)?.answer(.cancelled)
    }
  }

  /// Connects and authenticates, and sends nothing: what is wrong, or nil.
  package func probe() async -> RelayProblem? {
    let answer = await withCheckedContinuation { continuation in
      let job = Job(id: jobs.nextID(), work: .connect, answer: { continuation.resume(returning: $0) })
      if jobs.add(job) { LaneThread.start(settings, jobs) }
    }
    if case .unreachable(let problem) = answer { return problem }
    return nil
  }

  /// Ends all connections when what is queued is done, and waits for that.
  package func close() { jobs.close() }
}

/// What a lane does next.
struct Job: Sendable {
  enum Work: Sendable {
    case deliver(Envelope)
    /// Only the connection.
    case connect
  }

  let id: UInt64
  let work: Work
  let answer: @Sendable (Delivery) -> Void
}

/// A connection's thread: takes jobs until none comes for a while.
enum LaneThread {
  private final class Start: Sendable {
    let settings: RelaySettings
    let jobs: JobQueue
    init(_ settings: RelaySettings, _ jobs: JobQueue) {
      self.settings = settings
      self.jobs = jobs
    }
  }

  /// The lane is counted already.
  static func start(_ settings: RelaySettings, _ jobs: JobQueue) {
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(settings, jobs))
    let code = pthread_create(
      &thread, nil,
      { context in
        let start = Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
        LaneThread.run(start.settings, start.jobs)
        return nil
      }, start.toOpaque())
    guard code == 0 else {
      start.release()
      jobs.laneFailed("no thread for a connection: \(String(cString: strerror(code)))")
      return
    }
    pthread_detach(thread)
  }

  private static func run(_ settings: RelaySettings, _ jobs: JobQueue) {
    // A broken connection is an error code, not a signal; and signals are the host's business.
    var all = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_BLOCK, &all, nil)
    var lane = Lane(settings)
    while let job = lane.takeAhead() ?? jobs.next(idle: settings.idleTimeout) {
      job.answer(lane.run(job, following: { jobs.nextDelivery() }))
    }
    lane.close()
    jobs.laneEnded()
  }
}

/// A connection that is made when it is needed.
struct Lane: ~Copyable {
  private let settings: RelaySettings
  private var conversation: Conversation?

  /// Taken while the one before it was being sent; the next to run.
  private var ahead: Job?

  init(_ settings: RelaySettings) { self.settings = settings }

  mutating func takeAhead() -> Job? { ahead.take() }

  /// `following` takes a delivery that waits, if there is one.
  mutating func run(_ job: Job, following: () -> Job?) -> Delivery {
    switch job.work {
    case .connect:
      do {
        try connect()
        return .cancelled
      } catch {
        return .unreachable(error)
      }
    case .deliver(let envelope):
      // A kept connection may have ended meanwhile; a new one has not.
      for _ in 0..<2 {
        do {
          try connect()
        } catch {
          return .unreachable(error)
        }
        var next: Job?
        let delivery = conversation?.deliver(envelope) {
          next = following()
          guard case .deliver(let envelope) = next?.work else { return nil }
          return envelope
        }
        ahead = next
        if let delivery {
          if conversation?.isUsable == false { close() }
          return delivery
        }
        close()
      }
      return .unreachable(
        RelayProblem(needsPerson: false, message: "\(settings.host):\(settings.port) speaks without being asked"))
    }
  }

  private mutating func connect() throws(RelayProblem) {
    if conversation == nil { conversation = try Conversation(settings) }
  }

  mutating func close() {
    if let conversation = conversation.take() { conversation.quit() }
  }
}
