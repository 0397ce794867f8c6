package import JobModel

/// The instant ledger: which schedules there are, and what became of every due instant. Every writing call returns when what it
/// wrote is durable.
package protocol ScheduleStore: Sendable {
  /// Makes these the schedules in force. New ones begin at `at`. One whose spec has changed keeps its number and its ledger and
  /// begins anew at `at`, or behind the last instant that it was judged for where that is later (what came due before under the
  /// old spec is to be judged first: `schedules` tells); so does one that had been retired. Those that are not named are retired. Returns the ones in force, in the order given.
  func setSchedules(_ schedules: [NewSchedule], at: Timestamp) async throws(StoreError) -> [ScheduleStanding]
  /// What setting these would find. Changes nothing.
  func compare(_ schedules: [NewSchedule]) async throws(StoreError) -> ScheduleComparison
  /// Those in force, in no order.
  func standings() async throws(StoreError) -> [ScheduleStanding]
  /// Schedules by job and name; retired ones only where asked.
  func schedules(job: String?, includesRetired: Bool) async throws(StoreError) -> [ScheduleRecord]
  /// Records judgements, with their runs, in one transaction, in their order; each moves its schedule's `judgedUpTo` on.
  /// Backfilled instants are the exception: they leave that mark, behind which they lie, and take the place of a row without a
  /// run; out of a stretch that counts it each is taken by a row of its own.
  func judge(_ judgements: [Judgement]) async throws(StoreError) -> [JudgementReceipt]
  /// What a job's schedules said before, as far as stretches of then are in the ledger; by schedule and time.
  func pastRules(job: String) async throws(StoreError) -> [PastRule]
  /// Rows of the ledger.
  func instants(_ query: InstantQuery) async throws(StoreError) -> [InstantRecord]
  /// Rows of the ledger that `pruneInstants` would remove in the end.
  func countInstants(judgedBefore: Timestamp) async throws(StoreError) -> Int
  /// Removes rows of the ledger that were judged before `before`, at most `limit` a call; never a schedule's mark. Returns how
  /// many.
  func pruneInstants(before: Timestamp, limit: Int) async throws(StoreError) -> Int

  /// Pauses a job; one that is paused keeps its beginning and takes the note.
  func pause(job: String, note: String, at: Timestamp) async throws(StoreError) -> PauseRecord
  /// Ends a job's pause. Returns it, or nil when it was not paused.
  func endPause(job: String) async throws(StoreError) -> PauseRecord?
  func pauses() async throws(StoreError) -> [PauseRecord]
}
