package import JobModel
package import Store

/// A run that waits for its turn. Small: there may be many.
package struct WaitingRun: Hashable, Sendable {
  /// How it goes with other runs of its job.
  package enum Lane: Hashable, Sendable {
    /// When every run of the job that was there before it has ended.
    case serial
    /// Beside others, but not with more than `limit` runs of this lane at once.
    case beside(limit: Int)
  }

  package var number: RunNumber
  package var id: RunID
  package var job: String
  /// Higher goes first.
  package var priority: Int
  /// nil: at once.
  package var notBefore: Timestamp?
  package var lane: Lane

  package init(
    number: RunNumber, id: RunID, job: String, priority: Int = 0, notBefore: Timestamp? = nil, lane: Lane = .serial
  ) {
    self.number = number
    self.id = id
    self.job = job
    self.priority = priority
    self.notBefore = notBefore
    self.lane = lane
  }
}

/// How a run left the dispatcher.
package struct RunEnd: Sendable {
  package var number: RunNumber
  package var id: RunID
  package var job: String
  package var state: RunState
  /// It was stopped before its end and stands ready to be resumed.
  package var wasStopped: Bool
  /// Why it failed or was cancelled; nil otherwise.
  package var error: String?

  package init(number: RunNumber, id: RunID, job: String, state: RunState, wasStopped: Bool, error: String?) {
    self.number = number
    self.id = id
    self.job = job
    self.state = state
    self.wasStopped = wasStopped
    self.error = error
  }
}

/// Takes runs that are recorded and sees to it that they are done. `RunDispatcher`, and the simulation of the tests.
package protocol RunQueue: Sendable {
  /// Which runs have not ended, by job: what overlap is judged by.
  var places: JobPlaces { get }
  /// Adds runs, in their order. Their places are taken if they were not reserved.
  func submit(_ runs: [WaitingRun]) async
  /// Cancels a run that waits or is under way. Returns the record as it then stands; one under way ends a little later. Throws
  /// `state` when it has ended.
  func cancel(_ run: RunNumber, reason: String) async throws(EngineError) -> RunRecord
  /// The wall clock was set: what waits for an instant looks again.
  func clockWasSet() async
}
