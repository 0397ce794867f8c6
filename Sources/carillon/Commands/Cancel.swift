import ArgumentParser
import Engine
import Foundation
import JobModel
import Store

/// Ends a run before its end.
struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "End a run; its items that have not ended are cancelled.",
    discussion:
      "Works on a run that another carillon has under way, and on one that was stopped. It cannot be resumed afterwards.")

  @Argument(help: "The run: its id, a part of it, or \"last\".")
  var run: String

  @Option(help: "Why, for those who look at the run later.")
  var reason = "cancelled by a person"

  @OptionGroup var global: GlobalOptions

  /// How long another process gets to answer.
  private static let patience = Duration.seconds(15)

  func run() async throws {
    let installation = Installation(global)
    let record = try await installation.reader().run(reference: run)
    guard !record.state.isFinal else {
      throw CommandError(.invalidData, "run \(record.id) has ended already: it is \(Words.state(record.state))")
    }
    let ended: RunRecord
    do {
      ended = try await cancelHere(record, try await installation.engine())
    } catch let error as CommandError where error.status == .temporary {
      ended = try await askOwner(record, installation)
    }
    if global.json {
      try global.console.print(json: ["run": RunDocument(ended, isWhole: false)])
    } else {
      try global.console.print(
        "run \(ended.id) is cancelled; \(Words.count(ended.counts.cancelled, "item")) had not ended")
    }
  }

  /// No other process has the store: the run is cancelled in it.
  private func cancelHere(_ record: RunRecord, _ engine: Engine) async throws -> RunRecord {
    do {
      let now = Timestamp.systemNow()
      _ = try await engine.store.cancelItems(run: record.number, at: now)
      let move = RunMove(from: record.state, to: .cancelled, at: now, error: reason)
      guard try await engine.store.moveRun(record.number, move) else {
        throw CommandError(.temporary, "run \(record.id) was taken up by another carillon just now; try again")
      }
      let ended = try await engine.store.run(record.number) ?? record
      try await engine.close()
      return ended
    } catch {
      do { try await engine.close() } catch { StandardStream.error.write("carillon: closing the store: \(error)\n") }
      throw CommandError(error)
    }
  }

  /// The process that has the run under way is asked, and waited for.
  private func askOwner(_ record: RunRecord, _ installation: Installation) async throws -> RunRecord {
    let request = installation.paths.cancelRequest(of: record.id)
    do {
      try Data((reason + "\n").utf8).write(to: URL(fileURLWithPath: request), options: .atomic)
    } catch {
      throw CommandError(.cannotCreate, "cannot write \(request): \(error.localizedDescription)")
    }
    let store = try installation.reader()
    let clock = ContinuousClock()
    let deadline = clock.now + Self.patience
    while clock.now < deadline {
      if let now = try await store.run(record.number), now.state.isFinal {
        guard now.state == .cancelled else {
          throw CommandError(
            .invalidData, "run \(now.id) came to its end before it could be cancelled: \(Words.state(now.state))")
        }
        return now
      }
      try await clock.sleep(for: .milliseconds(100))
    }
    throw CommandError(
      .temporary,
      "another carillon was asked to cancel run \(record.id) and has not done so within \(Words.duration(Self.patience)); see \"carillon run show \(record.id)\""
    )
  }
}
