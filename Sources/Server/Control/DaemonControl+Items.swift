package import ControlAPI
import Engine
import Foundation
import JobModel
import Store

extension DaemonControl {
  package func artifacts(_ run: String) async throws(ControlError) -> [ArtifactDocument] {
    let record = try await record(run)
    let folder = engine.paths.artifacts(of: record.id)
    return try await inStore { () throws(StoreError) in try await store.artifacts(run: record.number) }
      .map { ArtifactDocument($0, folder: folder) }
  }

  package func items(_ request: ItemsRequest) async throws(ControlError) -> ItemsPage {
    var query = ItemQuery(after: request.after.map(ItemID.init(raw:)), limit: request.limit)
    query.states = try request.states.map { name throws(ControlError) in
      guard let state = ItemState(name: name) else { throw Self.noWord("state", name, ItemState.allCases.map(\.name)) }
      return state
    }
    if let run = request.run { query.run = try await record(run).number }
    let chosen = query
    let items = try await inStore { () throws(StoreError) in try await store.items(chosen) }
    var ids: [RunNumber: String] = [:]
    for number in Set(items.map(\.id.run)) {
      ids[number] = try await inStore { () throws(StoreError) in try await store.run(number) }?.id.text
    }
    let names = ids
    return ItemsPage(
      items: items.map { ItemDocument($0, run: names[$0.id.run], isWhole: false) },
      next: items.count == query.limit ? items.last?.id.raw : nil)
  }

  package func item(run: String, key: String) async throws(ControlError) -> ItemDetailDocument {
    let record = try await record(run)
    guard let detail = try await inStore({ () throws(StoreError) in try await store.item(run: record.number, key: key) })
    else { throw await missing(key, record) }
    var document = ItemDetailDocument(
      item: ItemDocument(detail.item, run: record.id.text, isWhole: true),
      attempts: detail.attempts.map(AttemptDocument.init))
    document.maxAttempts = record.job.retry.maxAttempts
    return document
  }

  /// That there is no such item, with the nearest of the run's first ones.
  func missing(_ key: String, _ run: RunRecord) async -> ControlError {
    do throws(StoreError) {
      let some = try await store.items(ItemQuery(run: run.number, limit: 1_000))
      let suggestion = some.map(\.key).nearest(to: key).map { "; did you mean \"\($0.forPeople)\"?" } ?? ""
      return ControlError(.notFound, "run \(run.id) has no item \"\(key.forPeople)\"\(suggestion)")
    } catch {
      return ControlError(error)
    }
  }

  /// An item's payload from its JSON: a string stands for its text.
  static func payload(_ value: JSONValue) throws(ControlError) -> [UInt8] {
    if case .string(let text) = value { return Array(text.utf8) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(value))
    } catch {
      throw ControlError(.invalid, "a payload cannot be written as JSON: \(error)")
    }
  }
}
