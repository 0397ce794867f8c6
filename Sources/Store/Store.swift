package import JobModel

/// Where runs, items and their outcomes are kept. Batch-shaped: nothing on the hot path is done a row at a time. Every
/// writing call returns when what it wrote is durable; calls that come together share one transaction (group commit), each
/// succeeding or failing on its own. Implementations pass `StoreConformance`.
package protocol Store: Sendable {
  // MARK: Runs

  /// Records a run as `queued`.
  func createRun(_ run: NewRun) async throws(StoreError) -> RunRecord
  /// The run of that number; nil when there is none.
  func run(_ number: RunNumber) async throws(StoreError) -> RunRecord?
  /// The run that a person means: its id, a prefix or suffix of the id (at least 3 characters) that fits only one, or `last`.
  /// Throws `notFound`, naming up to five candidates when several fit.
  func run(reference: String) async throws(StoreError) -> RunRecord
  /// Runs, newest first.
  func runs(_ query: RunQuery) async throws(StoreError) -> [RunRecord]
  /// Moves a run from one state to another. False, and nothing changed, when it was not in `move.from`.
  func moveRun(_ number: RunNumber, _ move: RunMove) async throws(StoreError) -> Bool

  // MARK: Items on their way

  /// Adds items in their order; keys that the run has already are ignored and counted. With a checkpoint, that becomes the
  /// run's discovery checkpoint in the same transaction. `unique` sets keys aside that another run of the job has claimed:
  /// they are recorded as `skipped` with the reason "duplicate of run …".
  func insert(_ items: NewItems, into run: RunNumber, options: InsertOptions) async throws(StoreError) -> InsertReceipt
  /// Available items after a place, as many as fit `limit` and about `maxBytes` of key and payload. Items that lie before the
  /// cursor, or in memory with a worker, are the caller's to know.
  func ready(_ query: ReadyQuery) async throws(StoreError) -> ReadyItems
  /// Makes retrying items whose instant has come available, and returns them, oldest due first.
  func promoteDue(run: RunNumber, at: Timestamp, limit: Int) async throws(StoreError) -> ReadyItems
  /// The earliest due instant of a retrying item of the run; nil when none waits.
  func nextDue(run: RunNumber) async throws(StoreError) -> Timestamp?
  /// Records what became of items. Each record names the attempts that it expects the item to have been charged; where the
  /// item has moved on, that record is dropped and counted as stale.
  func record(_ outcomes: RecordedOutcomes) async throws(StoreError) -> RecordReceipt
  /// Moves every item of the run that has not ended to `cancelled`; they give back the keys that they claimed. Returns how
  /// many. Goes in pieces: when it throws, some may have moved, and calling it again moves the rest.
  func cancelItems(run: RunNumber, at: Timestamp) async throws(StoreError) -> Int
  /// Items of the run by state, counted from the items themselves.
  func countItems(run: RunNumber) async throws(StoreError) -> ItemCounts

  // MARK: Items for people

  /// Items of one or all runs, by place; pages by `query.after`.
  func items(_ query: ItemQuery) async throws(StoreError) -> [ItemRecord]
  /// The item of that key in the run with its attempts, oldest first; nil when there is none.
  func item(run: RunNumber, key: String) async throws(StoreError) -> ItemDetail?
  /// A person's retry: failed items (those of `keys`, or all) become available with no attempts and no deaths charged.
  /// `payloads` replaces payloads by key. The try that ended an item becomes one of its attempts, and keys that nobody holds
  /// are claimed again. Returns how many. Goes in pieces, as `cancelItems` does.
  func retryItems(run: RunNumber, _ selection: RetrySelection) async throws(StoreError) -> Int

  // MARK: Around a run

  /// Stores an event of the run itself; those of items come with their outcomes.
  func addEvent(run: RunNumber, type: String, json: String, at: Timestamp) async throws(StoreError)
  /// Events of the run by number, those after `after` (0: from the first).
  func events(run: RunNumber, after: Int64, limit: Int) async throws(StoreError) -> [EventRecord]
  func putArtifact(_ artifact: ArtifactRecord, run: RunNumber) async throws(StoreError)
  func artifacts(run: RunNumber) async throws(StoreError) -> [ArtifactRecord]
  /// A plugin's value that lives from run to run of its job; nil when there is none.
  func checkpoint(job: String, key: String) async throws(StoreError) -> [UInt8]?
  /// Keeps a value; an empty one removes it.
  func setCheckpoint(job: String, key: String, value: [UInt8]) async throws(StoreError)
  /// Removes finished rows by age, at most `policy.batch` runs a call. Call again while `removed.runs` or `.items` is not 0.
  func prune(_ policy: PrunePolicy, at: Timestamp) async throws(StoreError) -> PruneReceipt
}
