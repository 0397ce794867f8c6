import ControlAPI
import ControlClient
import Foundation
import JobModel
import Synchronization

/// Shows a run that a daemon has, until it ends or the caller has seen enough.
struct RunWatch {
  /// How long a daemon that went away (an upgrade, a crash) may take to come back.
  private static let returnPatience = Duration.seconds(30)
  private static let retryInterval = Duration.milliseconds(500)
  /// A part of the log, as much as the display takes at once, and how often one is asked for.
  private static let pageBytes = 256 * 1_024
  private static let logInterval = Duration.milliseconds(100)

  let control: RemoteControl
  let console: Console
  var isJSON = false
  /// Prints the run's log as it grows.
  var follows = false
  /// Lines of the log that are older are not printed: made before the run was asked for.
  var since = Timestamp.systemNow()

  /// Prints its summary, and ends the program with the run's exit status. A signal detaches: the run goes on, and the status is 75.
  func toItsEnd(_ run: RunDocument) async throws -> Never {
    let start = ContinuousClock.now
    let tail = follows ? LogTail(format: LogFormat(isJSON: isJSON, console: console)) : nil
    let latest = LatestProgress()
    let display = ProgressDisplay(job: run.job, progress: { latest.value }, console: console, tail: tail)
    let (detached, detach) = AsyncStream.makeStream(of: Void.self)
    let signals = StopSignals { _ in detach.yield() }
    let ended = try await withThrowingTaskGroup(of: Void.self) { shown in
      shown.addTask { await display.show() }
      defer { shown.cancelAll() }
      return try await withThrowingTaskGroup(of: Bool.self) { group in
        group.addTask {
          try await follow(run.id, latest, tail)
          return true
        }
        group.addTask {
          for await _ in detached { return false }
          return false
        }
        defer { group.cancelAll() }
        return try await group.next() ?? false
      }
    }
    signals.end()
    guard ended else { leave(run) }
    let summary = try await RunSummary.gather(run.id, took: start.duration(to: .now), from: control)
    try summary.print(isJSON: isJSON, isStream: follows, console: console)
    Foundation.exit(summary.status.rawValue)
  }

  private func leave(_ run: RunDocument) -> Never {
    StandardStream.error.write(
      """
      detached: run \(run.id) goes on with the daemon
      look:    carillon run show \(run.id)
      cancel:  carillon cancel \(run.id)

      """)
    Foundation.exit(ExitStatus.temporary.rawValue)
  }

  /// Follows the run, and its log, to their ends.
  private func follow(_ run: String, _ latest: LatestProgress, _ tail: LogTail?) async throws {
    let begin = since.iso8601
    try await withThrowingTaskGroup(of: Void.self) { group in
      if let tail { group.addTask { try await readLog(of: run, since: begin, latest, tail) } }
      try await followProgress(run, latest)
      latest.end()
      try await group.waitForAll()
    }
  }

  /// … over a daemon's restart too.
  private func followProgress(_ run: String, _ latest: LatestProgress) async throws {
    while true {
      var hasEnded = false
      do {
        for try await event in try await control.watch(run, includesLog: false) {
          switch event {
          case .progress(let progress): latest.set(progress)
          case .log: break
          case .ended: hasEnded = true
          }
        }
        if hasEnded { return }
        throw ControlError(.unavailable, "the daemon ended the stream before run \(run) had ended")
      } catch let error as ControlError where error.code == .unavailable || error.code == .notHere {
        if hasEnded { return }
        try Task.checkCancellation()
        ProgressDisplay.interject("the daemon went away; waiting for it to come back")
        try await awaitReturn(run)
        ProgressDisplay.interject("the daemon is back")
      }
    }
  }

  /// Reads the log's file and not the stream: lines from before the stream began, and from while no daemon was there, are in it.
  private func readLog(of run: String, since begin: String, _ latest: LatestProgress, _ tail: LogTail) async throws {
    var offset: Int64 = 0
    while true {
      // Asked before the log is: what was written before the run ended is then not missed.
      let isOver = latest.hasEnded
      do throws(ControlError) {
        let page = try await control.log(run, from: offset, limit: Self.pageBytes)
        for line in page.lines where line.at >= begin { tail.add(line) }
        let grew = page.next > offset
        offset = page.next
        if isOver && !grew { return }
      } catch {
        guard error.code == .unavailable || error.code == .notHere, !isOver else { throw error }
      }
      try await Task.sleep(for: Self.logInterval)
    }
  }

  /// Returns when the daemon answers again.
  private func awaitReturn(_ run: String) async throws {
    let deadline = ContinuousClock.now + Self.returnPatience
    while ContinuousClock.now < deadline {
      try await Task.sleep(for: Self.retryInterval)
      do throws(ControlError) {
        _ = try await control.run(run)
        return
      } catch {
        guard error.code == .unavailable || error.code == .notHere else { throw error }
      }
    }
    throw CommandError(
      .temporary,
      "the daemon went away and has not come back within \(Words.duration(Self.returnPatience)); run \(run) goes on when it does: "
        + "carillon run show \(run)")
  }
}

/// What a stream last said of a run.
private final class LatestProgress: Sendable {
  private let state = Mutex<(progress: RunProgressDocument?, hasEnded: Bool)>((nil, false))

  var value: RunProgressDocument? { state.withLock { $0.progress } }
  var hasEnded: Bool { state.withLock { $0.hasEnded } }
  func set(_ progress: RunProgressDocument) { state.withLock { $0.progress = progress } }
  func end() { state.withLock { $0.hasEnded = true } }
}
