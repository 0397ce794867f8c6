import HeapModule
import JobModel
package import Store

extension Scheduler {
  /// The soonest due instant of every schedule in force, by job and name: one look at the agenda, for lists. A schedule whose next
  /// instant is one that the clock's change repeats or leaves out is left out here.
  package func nextDue() -> [String: [String: InstantKey]] {
    var found: [String: [String: InstantKey]] = [:]
    for due in agenda.heap.unordered where due.kind == .due || due.kind == .boot {
      let entry = agenda.entries[Int(due.entry)]
      found[entry.job.name, default: [:]][entry.name] = due.key
    }
    return found
  }
}
