import Server
import ControlAPI
import Engine
import Foundation
import JobModel
import Store

extension StoreControl {
  /// What the store's calls throw, as the control API says it.
  func asking<Answer>(_ work: (SQLiteStore) async throws -> Answer) async throws(ControlError) -> Answer {
    let store = try store()
    do { return try await work(store) } catch { throw ControlError(error) }
  }

  func runs(_ request: RunsRequest) async throws(ControlError) -> RunsPage {
    try await asking { store in
      var query = RunQuery(
        job: request.job, states: request.states.compactMap(RunState.init(name:)), limit: request.limit)
      if let before = request.before { query.before = try await store.run(reference: before).number }
      let runs = try await store.runs(query)
      return RunsPage(
        runs: runs.map { RunDocument($0, isWhole: false) }, next: runs.count == request.limit ? runs.last?.id.text : nil)
    }
  }

  func run(_ run: String) async throws(ControlError) -> RunDocument {
    try await asking { store in
      let record = try await store.run(reference: run)
      var document = RunDocument(record, isWhole: true)
      document.log = installation.paths.log(of: record.id)
      document.eventCount = try await store.events(run: record.number, after: 0, limit: 1_000).count
      return document
    }
  }

  func artifacts(_ run: String) async throws(ControlError) -> [ArtifactDocument] {
    try await asking { store in
      let record = try await store.run(reference: run)
      let folder = installation.paths.artifacts(of: record.id)
      return try await store.artifacts(run: record.number).map { ArtifactDocument($0, folder: folder) }
    }
  }

  func log(_ run: String, from offset: Int64, limit: Int) async throws(ControlError) -> LogPage {
    try await asking { store in
      let record = try await store.run(reference: run)
      // Asked before the log is read: what was written before the run ended is then not missed. A run that was stopped, or whose
      // process died, is over too: nobody has the lock.
      let isOpen = !record.state.isFinal && LockHolder.pid(of: "\(installation.paths.state)/lock") != nil
      let (lines, next) = try LogFile(path: installation.paths.log(of: record.id)).lines(from: offset, limit: limit)
      return LogPage(lines: lines, next: next, isOpen: isOpen)
    }
  }

  func items(_ request: ItemsRequest) async throws(ControlError) -> ItemsPage {
    try await asking { store in
      var query = ItemQuery(
        states: request.states.compactMap(ItemState.init(name:)), after: request.after.map(ItemID.init(raw:)),
        limit: request.limit)
      if let run = request.run { query.run = try await store.run(reference: run).number }
      let items = try await store.items(query)
      var ids: [RunNumber: String] = [:]
      for number in Set(items.map(\.id.run)) { ids[number] = try await store.run(number)?.id.text }
      return ItemsPage(
        items: items.map { ItemDocument($0, run: ids[$0.id.run], isWhole: false) },
        next: items.count == request.limit ? items.last?.id.raw : nil)
    }
  }

  func item(run: String, key: String) async throws(ControlError) -> ItemDetailDocument {
    try await asking { store in
      let record = try await store.run(reference: run)
      guard let detail = try await store.item(run: record.number, key: key) else {
        let some = try await store.items(ItemQuery(run: record.number, limit: 10_000))
        let suggestion = some.map(\.key).nearest(to: key).map { "; did you mean \"\(Words.printable($0))\"?" } ?? ""
        throw ControlError(.notFound, "run \(record.id) has no item \"\(Words.printable(key))\"\(suggestion)")
      }
      var document = ItemDetailDocument(
        item: ItemDocument(detail.item, run: record.id.text, isWhole: true), attempts: detail.attempts.map(AttemptDocument.init)
      )
      document.maxAttempts = record.job.retry.maxAttempts
      return document
    }
  }
}
