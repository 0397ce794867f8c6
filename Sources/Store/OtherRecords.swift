package import JobModel

/// An event that a plugin emitted, once it was stored.
package struct EventRecord: Sendable {
  /// Grows with every event of the store.
  package var number: Int64
  /// nil for the run's own.
  package var item: ItemID?
  package var type: String
  package var json: String
  package var createdAt: Timestamp

  package init(number: Int64, item: ItemID?, type: String, json: String, createdAt: Timestamp) {
    self.number = number
    self.item = item
    self.type = type
    self.json = json
    self.createdAt = createdAt
  }
}

/// A file that a run left for people. The newest of a name counts.
package struct ArtifactRecord: Sendable {
  package var name: String
  package var mediaType: String
  package var bytes: Int64
  package var createdAt: Timestamp

  package init(name: String, mediaType: String, bytes: Int64, createdAt: Timestamp) {
    self.name = name
    self.mediaType = mediaType
    self.bytes = bytes
    self.createdAt = createdAt
  }
}

/// What is removed, by age after the run ended. Runs that have not ended are never touched.
package struct PrunePolicy: Hashable, Sendable {
  /// Succeeded and skipped items of ended runs; the run and its counts stay. Default 7 days.
  package var succeededItemsAfter: Duration = .seconds(7 * 86_400)
  /// Whole runs without failed items, with their events and artifacts' rows. Default 30 days.
  package var runsAfter: Duration = .seconds(30 * 86_400)
  /// Whole runs with failed items. Default 180 days.
  package var failedRunsAfter: Duration = .seconds(180 * 86_400)
  /// Runs, and thousands of items, looked at in one call: bounds how long the writer is held. Default 20.
  package var batch = 20

  package init() {}
}

package struct PruneReceipt: Sendable {
  package var items: Int
  package var runs: Int
  /// Ids of the removed runs: their logs and artifacts' files can go.
  package var removedRuns: [RunID]

  package init(items: Int, runs: Int, removedRuns: [RunID]) {
    self.items = items
    self.runs = runs
    self.removedRuns = removedRuns
  }
}
