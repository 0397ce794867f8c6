import Engine
import Foundation
import JobModel
import Store

/// Drives one run in this process and tells about it: what `run`, `resume` and `retry` share.
struct RunSession {
  let installation: Installation
  let console: Console
  var isJSON = false
  /// Prints the run's log as it grows.
  var follows = false

  /// Opens the engine, begins a run by `begin`, and shows it until it ends. Ends the program with the run's exit status.
  func run(_ begin: (Engine) async throws -> ActiveRun) async throws {
    let engine = try await installation.engine()
    let summary: RunSummary
    do {
      summary = try await drive(try await begin(engine), engine)
    } catch {
      do { try await engine.close() } catch { StandardStream.error.write("carillon: closing the store: \(error)\n") }
      throw CommandError(error)
    }
    do throws(EngineError) { try await engine.close() } catch { throw CommandError(error) }
    try summary.print(isJSON: isJSON, isStream: follows, console: console)
    Foundation.exit(summary.status.rawValue)
  }

  private func drive(_ active: ActiveRun, _ engine: Engine) async throws -> RunSummary {
    guard let begun = try await engine.store.run(active.number) else {
      throw CommandError(.fault, "run \(active.id) is not in the store")
    }
    let tail = follows ? LogTail(format: LogFormat(isJSON: isJSON, console: console)) : nil
    if let tail { active.onLog { tail.add($0) } }
    let signals = StopSignals { count in
      if count == 1 {
        ProgressDisplay.interject(
          "stopping; again to stop at once; resume with: carillon resume \(active.id)")
        active.stop()
      } else {
        ProgressDisplay.interject("stopping at once")
        active.stopNow()
      }
    }
    defer { signals.end() }
    let start = ContinuousClock.now
    let display = ProgressDisplay(job: begun.job.name, run: active, console: console, tail: tail)
    do {
      let result = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await display.show() }
        defer { group.cancelAll() }
        return try await active.drive()
      }
      return try await RunSummary.gather(result, took: start.duration(to: .now), engine)
    } catch {
      var broken = CommandError(error)
      broken.message += " When that is done: carillon resume \(active.id)"
      throw broken
    }
  }
}
