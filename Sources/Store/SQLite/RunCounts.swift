internal import GRDB
internal import JobModel

extension WriteContext {
  /// Adds a change to the run's counts. Throws `notFound` for a run that is not there.
  func count(_ change: ItemCounts, run: RunNumber) throws {
    let statement = try db.cachedStatement(sql: RunSQL.count)
    try statement.execute(arguments: [
      "run": run.raw, "available": change.available, "retrying": change.retrying, "succeeded": change.succeeded,
      "skipped": change.skipped, "dead": change.dead, "poisoned": change.poisoned, "cancelled": change.cancelled,
      "duplicateKeys": change.duplicateKeys, "staleOutcomes": change.staleOutcomes,
    ])
    guard db.changesCount == 1 else { throw StoreError.noRun(run) }
  }

  /// The place that the run's next item gets.
  func nextPlace(of run: RunNumber) throws -> Int {
    let statement = try db.cachedStatement(sql: RunSQL.nextPlace)
    guard let place = try Int.fetchOne(statement, arguments: [run.raw]) else { throw StoreError.noRun(run) }
    return place
  }

  /// The job's name and policy when its keys are done once in a while.
  func unique(of run: RunNumber) throws -> (job: String, policy: UniquePolicy)? {
    guard let text = try String.fetchOne(db, sql: RunSQL.definition, arguments: [run.raw]) else {
      throw StoreError.noRun(run)
    }
    let job = try JobDefinitionColumn.decode(text)
    return job.unique.map { (job.name, $0) }
  }
}

extension StoreError {
  static func noRun(_ run: RunNumber) -> StoreError {
    StoreError(.notFound, "there is no run number \(run.raw); it may have been pruned")
  }
}
