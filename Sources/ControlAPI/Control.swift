/// Everything that a person, or a program of theirs, may ask of a Carillon. One protocol for all sides: the command line speaks
/// to it; a daemon implements it in its own process; `RemoteControl` implements it over the daemon's socket; and where no
/// daemon runs, the command line implements what can be had from the store's file.
///
/// `run` in a path or a parameter is a run's id, three or more letters of its beginning or end that fit no other, or `last`.
package protocol Control: Sendable {
  // MARK: The daemon

  func status() async throws(ControlError) -> StatusDocument
  /// Takes up the job files anew, all of them or none: one with an error leaves the old set in force (`invalid`, with findings).
  func reload() async throws(ControlError) -> ReloadDocument
  /// Workers that have a plugin loaded are replaced before they take more work. nil: of every plugin.
  func reloadPlugins(_ plugin: String?) async throws(ControlError) -> PluginsReloadDocument
  /// Nothing new begins; runs under way are stopped so that they can be resumed; then the daemon ends.
  func drain() async throws(ControlError)

  // MARK: Jobs and their schedules

  /// Those in force, by name.
  func jobs(_ request: JobsRequest) async throws(ControlError) -> JobsPage
  func job(_ name: String) async throws(ControlError) -> JobDocument
  /// Records a run of the job. It begins at once, or when its turn comes.
  func trigger(_ job: String, _ request: TriggerRequest) async throws(ControlError) -> RunDocument
  func pause(_ job: String, note: String) async throws(ControlError) -> PauseDocument
  /// Ends the job's pause; `notFound` when it is not paused.
  func endPause(_ job: String) async throws(ControlError) -> PauseDocument
  /// The instant ledger, newest first.
  func instants(_ request: InstantsRequest) async throws(ControlError) -> InstantsPage
  /// What is due next, over all jobs or of one, soonest first; with `isFirstOnly` only the next instant of each schedule.
  func upcoming(job: String?, limit: Int, isFirstOnly: Bool) async throws(ControlError) -> [UpcomingDocument]
  /// Runs for the due instants of a stretch of time that have none.
  func backfill(_ job: String, _ request: BackfillRequest) async throws(ControlError) -> BackfillDocument

  // MARK: Runs

  func runs(_ request: RunsRequest) async throws(ControlError) -> RunsPage
  /// With its report and configuration.
  func run(_ run: String) async throws(ControlError) -> RunDocument
  func cancel(_ run: String, reason: String) async throws(ControlError) -> RunDocument
  func resume(_ run: String) async throws(ControlError) -> RunDocument
  /// Makes failed items available again and resumes the run.
  func retry(_ run: String, _ request: RetryRequest) async throws(ControlError) -> RunDocument
  func artifacts(_ run: String) async throws(ControlError) -> [ArtifactDocument]
  /// What happens in a run from now on: its progress about five times a second while it changes, its log where asked, and at
  /// last its end (`ended`), after which the stream finishes. Of a run that has ended: only that.
  func watch(_ run: String, includesLog: Bool) async throws(ControlError) -> AsyncThrowingStream<RunEvent, any Error>
  /// The run's log from a byte of its file on, whole lines, at most about `limit` bytes. Empty at its present end.
  func log(_ run: String, from offset: Int64, limit: Int) async throws(ControlError) -> LogPage

  // MARK: Items

  func items(_ request: ItemsRequest) async throws(ControlError) -> ItemsPage
  func item(run: String, key: String) async throws(ControlError) -> ItemDetailDocument

  // MARK: The store

  /// Copies the store to a file on the daemon's machine, an absolute path.
  func backup(to path: String, overwrites: Bool) async throws(ControlError) -> BackupDocument
  func prune(_ request: PruneRequest) async throws(ControlError) -> PruneDocument
}
