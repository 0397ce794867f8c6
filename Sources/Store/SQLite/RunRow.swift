internal import Foundation
internal import GRDB
internal import JobModel

extension RunRecord {
  /// A row of `RunSQL.byNumber` and its like.
  init(row: Row, path: String) throws {
    let number: Int64 = row["number"]
    func damaged(_ column: String, _ cause: (any Error)? = nil) -> StoreError {
      StoreError(.damaged, "run \(number) in \(path) has a \(column) that this Carillon cannot read", cause: cause)
    }
    func decoded<Value: Decodable>(_ type: Value.Type, _ column: String) throws(StoreError) -> Value? {
      guard let text = row[column] as String? else { return nil }
      do {
        return try JSONColumn.decode(type, text)
      } catch {
        throw damaged(column, error)
      }
    }
    let job: JobDefinition
    do {
      job = try JobDefinitionColumn.decode(row["definition"])
    } catch {
      throw damaged("definition", error)
    }
    guard let state = RunState(rawValue: row["state"]) else { throw damaged("state") }
    guard let trigger = Trigger(rawValue: row["trigger"]) else { throw damaged("trigger") }
    var counts = ItemCounts()
    for state in ItemState.allCases where state != .leased { counts[state] = row[state.name] }
    counts.duplicateKeys = row["duplicate_keys"]
    counts.staleOutcomes = row["stale_outcomes"]
    self.init(
      number: RunNumber(raw: number), id: RunID(row["id"]),
      job: job, trigger: trigger, event: row["event"], isPlan: row["is_plan"],
      onlyKeys: try decoded([String].self, "only_keys"), state: state, createdAt: Timestamp(microseconds: row["created_us"]),
      notBefore: (row["not_before_us"] as Int64?).map(Timestamp.init(microseconds:)),
      dueAt: (row["due_us"] as Int64?).map(Timestamp.init(microseconds:)),
      startedAt: (row["started_us"] as Int64?).map(Timestamp.init(microseconds:)),
      finishedAt: (row["finished_us"] as Int64?).map(Timestamp.init(microseconds:)), isDiscovered: row["is_discovered"],
      discoveryCheckpoint: (row["checkpoint"] as Data?).map { [UInt8]($0) } ?? [], error: row["error"],
      report: row["report"], counts: counts)
  }
}
