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

  let control: RemoteControl
  let console: Console
  var isJSON = false
  /// Prints the run's log as it grows.
  var follows = false

  /// Prints its summary, and ends the program with the run's exit status. A signal detaches: the run goes on, and the status is 75.
  func toItsEnd(_ run: RunDocument) async throws -> Never {
    let start = ContinuousClock.now
    let tail = follows ? LogTail(format: LogFormat(isJSON: isJSON, console: console)) : nil
    let latest = LatestProgress()
    let display = ProgressDisplay(job: run.job, progress: { latest.value }, console: console, tail: tail)
    let (detached, detach) = AsyncStream.makeStream(of: Void.self)
    let signals = StopSignals { _ in detach.yield() }
    let ended = try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await follow(run.id, latest, tail)
        return true
      }
      group.addTask {
        for await _ in detached { return false }
        return false
      }
      return try await withThrowingTaskGroup(of: Void.self) { shown in
        shown.addTask { await display.show() }
        defer {
          shown.cancelAll()
          group.cancelAll()
        }
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

  /// Follows the run to its end, over a daemon's restart too.
  private func follow(_ run: String, _ latest: LatestProgress, _ tail: LogTail?) async throws {
    while true {
      do {
        for try await event in try await control.watch(run, includesLog: follows) {
          switch event {
          case .progress(let progress): latest.set(progress)
          case .log(let line): tail?.add(line)
          case .ended: return
          }
        }
        throw ControlError(.unavailable, "the daemon ended the stream before run \(run) had ended")
      } catch let error as ControlError where error.code == .unavailable || error.code == .notHere {
        try Task.checkCancellation()
        ProgressDisplay.interject("the daemon went away; waiting for it to come back")
        try await awaitReturn(run)
        ProgressDisplay.interject("the daemon is back")
      }
    }
  }

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

/// What a stream last said of a run's progress.
private final class LatestProgress: Sendable {
  private let progress = Mutex<RunProgressDocument?>(nil)

  var value: RunProgressDocument? { progress.withLock { $0 } }
  func set(_ new: RunProgressDocument) { progress.withLock { $0 = new } }
}
