package import JobModel

/// An item.
package struct ItemDocument: Codable, Hashable, Sendable {
  package var id: Int64
  package var run: String?
  package var key: String
  /// An `ItemState` by name.
  package var state: String
  package var priority: Int
  package var attempts: Int
  package var deaths: Int
  package var dueAt: String?
  package var startedAt: String?
  package var durationS: Double?
  package var workerPid: Int?
  package var reason: String?
  package var output: JSONValue?
  package var effect: JSONValue?
  /// As JSON where it is JSON, else as a string; lists leave it out.
  package var payload: JSONValue?

  package init(id: Int64, key: String, state: String, priority: Int, attempts: Int, deaths: Int) {
    self.id = id
    self.key = key
    self.state = state
    self.priority = priority
    self.attempts = attempts
    self.deaths = deaths
  }
}

/// One try of an item that did not end it.
package struct AttemptDocument: Codable, Hashable, Sendable {
  package var ordinal: Int
  package var attempt: Int
  package var cause: String
  package var startedAt: String
  package var durationS: Double
  package var workerPid: Int?
  package var reason: String

  package init(
    ordinal: Int, attempt: Int, cause: String, startedAt: String, durationS: Double, workerPid: Int?, reason: String
  ) {
    self.ordinal = ordinal
    self.attempt = attempt
    self.cause = cause
    self.startedAt = startedAt
    self.durationS = durationS
    self.workerPid = workerPid
    self.reason = reason
  }
}

/// An item with its earlier tries, oldest first.
package struct ItemDetailDocument: Codable, Hashable, Sendable {
  package var item: ItemDocument
  package var attempts: [AttemptDocument]
  /// Attempts that the job grants the item.
  package var maxAttempts: Int?

  package init(item: ItemDocument, attempts: [AttemptDocument]) {
    self.item = item
    self.attempts = attempts
  }
}
