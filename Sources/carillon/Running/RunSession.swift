import Server
import ControlAPI
import ControlClient
import Engine
import Foundation
import JobModel
import Store

/// Sees one run through and tells about it: what `run`, `resume` and `retry` share. With the daemon where one listens, else with an
/// engine in this process; it says which.
struct RunSession {
  let installation: Installation
  let console: Console
  var isJSON = false
  /// Prints the run's log as it grows.
  var follows = false
  /// Only in this process.
  var isHere = false

  /// Has the daemon begin a run by `remotely`, or begins one by `embedded`, and shows it until it ends. Ends the program with the run's
  /// exit status.
  func run(
    remotely: (any Control) async throws -> RunDocument, embedded: (Engine) async throws -> ActiveRun
  ) async throws {
    if !isHere, let (control, pid) = try installation.daemon() {
      let watch = RunWatch(control: control, console: console, isJSON: isJSON, follows: follows)
      let run = try await remotely(control)
      say("with the daemon (pid \(pid))")
      try await watch.toItsEnd(run)
    }
    let engine: Engine
    do throws(CommandError) {
      engine = try await installation.engine()
    } catch {
      throw await explained(error)
    }
    let summary: RunSummary
    do {
      let run = try await embedded(engine)
      say(isHere ? "running here" : "no daemon: running here")
      summary = try await drive(run, engine)
    } catch {
      do { try await engine.close() } catch { StandardStream.error.write("carillon: closing the store: \(error)\n") }
      throw CommandError(error)
    }
    do throws(EngineError) { try await engine.close() } catch { throw CommandError(error) }
    try summary.print(isJSON: isJSON, isStream: follows, console: console)
    Foundation.exit(summary.status.rawValue)
  }

  private func say(_ words: String) { StandardStream.error.write("\(words)\n") }

  /// That the store is taken is said with who has it.
  private func explained(_ error: CommandError) async -> CommandError {
    // Where there is no daemon either, the error stands as it is.
    guard error.status == .temporary, let (_, pid) = try? installation.daemon() else { return error }
    var explained = error
    explained.message =
      "the daemon (pid \(pid)) has the state directory \(installation.paths.state): run the job by its name and without --here, or name "
      + "another directory with --state-dir"
    return explained
  }

  private func drive(_ active: ActiveRun, _ engine: Engine) async throws -> RunSummary {
    guard let begun = try await engine.store.run(active.number) else {
      throw CommandError(.fault, "run \(active.id) is not in the store")
    }
    let tail = follows ? LogTail(format: LogFormat(isJSON: isJSON, console: console)) : nil
    if let tail { active.onLog { tail.add(LogDocument($0)) } }
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
    let job = begun.job.name
    let display = ProgressDisplay(
      job: job, progress: { RunProgressDocument(run: active.id.text, job: job, active.progress) }, console: console, tail: tail)
    do {
      let result = try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await display.show() }
        defer { group.cancelAll() }
        return try await active.drive()
      }
      return try await RunSummary.gather(
        active.id.text, wasStopped: result.wasStopped, took: start.duration(to: .now),
        from: StoreControl(installation, engine: engine.store))
    } catch {
      var broken = CommandError(error)
      broken.message += " When that is done: carillon resume \(active.id)"
      throw broken
    }
  }
}
