package import ControlAPI
import JobModel
package import Store

extension ItemDocument {
  /// - Parameter isWhole: with the payload, which lists leave out.
  package init(_ item: ItemRecord, run: String?, isWhole: Bool) {
    self.init(
      id: item.id.raw, key: item.key, state: item.state.name, priority: item.priority, attempts: item.attempts,
      deaths: item.deaths)
    self.run = run
    dueAt = item.dueAt?.iso8601
    startedAt = item.startedAt?.iso8601
    durationS = item.duration?.inSeconds
    workerPid = item.workerPID == 0 ? nil : item.workerPID
    reason = item.reason
    output = StoredJSON.value(item.output)
    effect = StoredJSON.value(item.effect)
    payload = isWhole ? StoredJSON.value(String(decoding: item.payload, as: UTF8.self)) : nil
  }
}

extension AttemptDocument {
  package init(_ attempt: AttemptRecord) {
    self.init(
      ordinal: attempt.ordinal, attempt: attempt.attempt, cause: attempt.cause.name, startedAt: attempt.startedAt.iso8601,
      durationS: attempt.duration.inSeconds, workerPid: attempt.workerPID == 0 ? nil : attempt.workerPID,
      reason: attempt.reason)
  }
}
