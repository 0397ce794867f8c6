import Engine
import JobModel
import Store

extension YearSimulation {
  /// What the ledger has that the model has not, what it lacks, and what it has twice; at most a few of each.
  func differences() async throws -> (lines: [String], fates: [InstantFate: Int]) {
    var own: [PolicyModel.ScheduleID: [InstantKey: InstantFate]] = [:]
    var stretches: [PolicyModel.ScheduleID: [InstantRecord]] = [:]
    var lines: [String] = []
    var runs: Set<RunID> = []
    var fates: [InstantFate: Int] = [:]
    var query = InstantQuery(limit: 1_000)
    while true {
      let page = try await store.instants(query)
      for row in page {
        let id = PolicyModel.ScheduleID(job: row.job, name: row.scheduleName)
        fates[row.fate, default: 0] += row.count
        if row.isStretch { stretches[id, default: []].append(row) } else { own[id, default: [:]][row.first] = row.fate }
        if row.fate.hasRun != (row.run != nil) {
          lines.append("\(id) \(row.first.text): \(row.fate) and run \(row.run as Any)")
        }
        if let run = row.run, !runs.insert(run).inserted { lines.append("run \(run) twice") }
      }
      guard page.count == 1_000, let last = page.last else { break }
      query.cursor = last.cursor
    }
    for (id, expected) in model.ledger {
      var own = own.removeValue(forKey: id) ?? [:]
      var left = (stretches.removeValue(forKey: id) ?? []).map { (row: $0, count: $0.count) }
      for (key, fate) in expected.sorted(by: { $0.key < $1.key }) {
        var found = own.removeValue(forKey: key)
        if found == nil, let index = left.firstIndex(where: { $0.row.first <= key && key <= $0.row.last }) {
          left[index].count -= 1
          found = left[index].row.fate
        }
        if found != fate {
          lines.append("\(id) \(key.dueAt.iso8601)/\(key.slot): ledger \(found?.name ?? "nothing"), model \(fate.name)")
        }
      }
      for (key, fate) in own { lines.append("\(id) \(key.dueAt.iso8601)/\(key.slot): ledger \(fate.name), model nothing") }
      for one in left where one.count != 0 { lines.append("\(id) \(one.row.first.text): its stretch is \(one.count) off") }
    }
    lines += (own.keys.map(\.self) + stretches.keys.map(\.self)).map { "\($0): the model knows nothing of it" }
    lines += surprises
    return (lines, fates)
  }
}
