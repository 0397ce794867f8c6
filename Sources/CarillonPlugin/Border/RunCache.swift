import CCarillonPlugin
import Synchronization

/// The facts of the run that the last call belonged to. Batch follows batch of the same run, so they are rarely copied anew.
final class RunCache: Sendable {
  private let last = Mutex<RunFacts?>(nil)

  func facts(of pointer: UnsafePointer<carillon_run>) -> RunFacts {
    let run = carillon_run(reading: pointer)
    let id = run.id.string
    return last.withLock { last in
      if let last, last.id == id, last.deadlineUs == run.deadline_us { return last }
      let facts = RunFacts(
        id: id, job: run.job.string, event: run.event.array,
        isPlan: run.flags & CARILLON_RUN_PLAN != 0, startedAtUs: run.started_at_us,
        deadlineUs: run.deadline_us, dueAtUs: run.due_at_us)
      last = facts
      return facts
    }
  }
}
