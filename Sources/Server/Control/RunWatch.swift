package import ControlAPI
import Engine
import JobModel
import Store

/// Looks at one run, again and again, for as long as somebody asks what is next. Nothing is kept for a watcher but where it stands:
/// progress is what it is when it is asked for, and the log waits in its file.
///
/// `@unchecked Sendable`: one stream owns it and asks one thing at a time.
final class RunWatch: @unchecked Sendable {
  private let control: DaemonControl
  private let number: RunNumber
  private let log: RunLogFile?
  private var run: RunRecord
  /// Where the watcher stands in the log.
  private var offset: Int64
  private var lines: [LogDocument] = []
  private var shown: RunProgressDocument?
  private var lastShownAt: Duration?
  /// When the store was last asked.
  private var lastLook: Duration?
  /// It was under way when it was last looked at.
  private var wasActive = false
  private var hasEnded = false

  /// How often the run is looked at.
  private static let interval = Duration.milliseconds(200)
  /// … and the store, while the run waits for its turn.
  private static let storeInterval = Duration.seconds(1)
  private static let pageBytes = 65_536
  /// A watcher that is further behind the log's end is taken forward, and told so.
  static let maxLag: Int64 = 4 << 20

  init(_ run: RunRecord, _ control: DaemonControl, includesLog: Bool) {
    self.control = control
    self.run = run
    number = run.number
    let file = RunLogFile(path: control.engine.paths.log(of: run.id))
    log = includesLog ? file : nil
    offset = file.size
  }

  /// The next event, when there is one; nil after the end.
  func next() async throws -> RunEvent? {
    if hasEnded { return nil }
    while true {
      if !lines.isEmpty { return .log(lines.removeFirst()) }
      // Asked before the log is read to its end: what was written before the run ended is then not missed.
      let active = await control.dispatcher.activeRun(number)
      if active == nil { try await look() } else { wasActive = true }
      try readLog()
      if !lines.isEmpty { continue }
      if active == nil, run.state.isFinal {
        hasEnded = true
        return .ended(RunDocument(run, isWhole: true))
      }
      if let progress = progress(active) { return .progress(progress) }
      try await control.time.sleep(for: Self.interval)
    }
  }

  /// Reads the run from the store: when it has just ceased to be under way, and once a second while it waits.
  private func look() async throws {
    let now = control.time.uptime()
    if !wasActive, let lastLook, now - lastLook < Self.storeInterval { return }
    wasActive = false
    lastLook = now
    run = try await control.record(number)
  }

  /// What is to be shown, if it has changed; not oftener than the interval.
  private func progress(_ active: ActiveRun?) -> RunProgressDocument? {
    let now = control.time.uptime()
    if let lastShownAt, now - lastShownAt < Self.interval { return nil }
    let document: RunProgressDocument
    if let active {
      document = RunProgressDocument(run: active.id.text, job: run.job.name, active.progress)
    } else {
      document = RunProgressDocument(waiting: run)
    }
    // The time that passes is no change: a client has a clock.
    var comparable = document
    comparable.elapsedS = shown?.elapsedS ?? 0
    if comparable == shown { return nil }
    shown = document
    lastShownAt = now
    return document
  }

  private func readLog() throws {
    guard let log else { return }
    let behind = log.size - offset
    guard behind > 0 else { return }
    if behind > Self.maxLag {
      let target = log.size - Int64(Self.pageBytes)
      lines.append(
        LogDocument(
          at: control.time.now().iso8601, level: "warning", item: nil, pid: 0, source: "engine",
          message: "\(target - offset) bytes of the log are left out here, as they were not taken in time; they begin at byte "
            + "\(offset) of it"))
      offset = target
    }
    let (page, next) = try log.page(from: offset, limit: Self.pageBytes)
    lines += page
    offset = next
  }
}

extension DaemonControl {
  package func watch(
    _ run: String, includesLog: Bool
  ) async throws(ControlError) -> AsyncThrowingStream<RunEvent, any Error> {
    let watch = RunWatch(try await record(run), self, includesLog: includesLog)
    return AsyncThrowingStream { try await watch.next() }
  }

  package func log(_ run: String, from offset: Int64, limit: Int) async throws(ControlError) -> LogPage {
    let record = try await record(run)
    let isOpen = !record.state.isFinal
    let (lines, next) = try RunLogFile(path: engine.paths.log(of: record.id)).page(from: offset, limit: limit)
    return LogPage(lines: lines, next: next, isOpen: isOpen)
  }
}
