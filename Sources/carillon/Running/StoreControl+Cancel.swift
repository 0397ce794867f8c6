import Server
import ControlAPI
import Engine
import Foundation
import JobModel
import Store

extension StoreControl {
  /// How long another process gets to answer.
  private static let patience = Duration.seconds(15)

  func cancel(_ run: String, reason: String) async throws(ControlError) -> RunDocument {
    let record = try await record(run)
    guard !record.state.isFinal else {
      throw ControlError(.conflict, "run \(record.id) has ended already: it is \(Words.state(record.state))")
    }
    let engine: Engine
    do throws(CommandError) {
      engine = try await installation.engine()
    } catch  where error.status == .temporary {
      return RunDocument(try await askOwner(record, reason), isWhole: false)
    } catch {
      throw ControlError(error)
    }
    return RunDocument(try await cancelHere(record, reason, engine), isWhole: false)
  }

  /// No other process has the store: the run is cancelled in it.
  private func cancelHere(_ record: RunRecord, _ reason: String, _ engine: Engine) async throws(ControlError) -> RunRecord {
    do {
      let now = Timestamp.systemNow()
      _ = try await engine.store.cancelItems(run: record.number, at: now)
      let move = RunMove(from: record.state, to: .cancelled, at: now, error: reason)
      guard try await engine.store.moveRun(record.number, move) else {
        throw ControlError(.unavailable, "run \(record.id) was taken up by another carillon just now; try again")
      }
      let ended = try await engine.store.run(record.number) ?? record
      try await engine.close()
      return ended
    } catch {
      do { try await engine.close() } catch { StandardStream.error.write("carillon: closing the store: \(error)\n") }
      throw ControlError(error)
    }
  }

  /// The process that has the run under way is asked, and waited for.
  private func askOwner(_ record: RunRecord, _ reason: String) async throws(ControlError) -> RunRecord {
    let request = installation.paths.cancelRequest(of: record.id)
    do {
      try Data((reason + "\n").utf8).write(to: URL(fileURLWithPath: request), options: .atomic)
    } catch {
      throw ControlError(.storage, "cannot write \(request): \(error.localizedDescription)")
    }
    let clock = ContinuousClock()
    let deadline = clock.now + Self.patience
    while clock.now < deadline {
      let now = try await asking { try await $0.run(record.number) }
      if let now, now.state.isFinal {
        guard now.state == .cancelled else {
          throw ControlError(
            .conflict, "run \(now.id) came to its end before it could be cancelled: \(Words.state(now.state))")
        }
        return now
      }
      do { try await clock.sleep(for: .milliseconds(100)) } catch { throw ControlError(error) }
    }
    throw ControlError(
      .unavailable,
      "another carillon was asked to cancel run \(record.id) and has not done so within \(Words.duration(Self.patience)); see \"carillon run show \(record.id)\""
    )
  }
}
