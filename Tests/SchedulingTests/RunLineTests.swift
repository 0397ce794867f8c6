@testable import Engine
import JobModel
import Seeded
import Testing

@Suite struct RunLineTests {
  private func run(
    _ number: Int64, _ job: String = "job", priority: Int = 0, notBefore: Int64? = nil, lane: WaitingRun.Lane = .serial
  ) -> WaitingRun {
    WaitingRun(
      number: RunNumber(raw: number), id: RunID("run \(number)"), job: job, priority: priority,
      notBefore: notBefore.map { Timestamp(seconds: $0) }, lane: lane)
  }

  private func all(_ line: inout RunLine, at now: Int64 = 0) -> [Int64] {
    var found: [Int64] = []
    while let next = line.next(at: Timestamp(seconds: now)) { found.append(next.number.raw) }
    return found
  }

  @Test func priorityThenOrderAndOneOfAJob() {
    var line = RunLine(limit: 3)
    let runs = [run(1), run(2, "other"), run(3), run(4, "urgent", priority: 5), run(5, "late")]
    for run in runs { line.add(run, at: Timestamp(seconds: 0)) }
    #expect(all(&line) == [4, 1, 2])
    line.ended(runs[0])
    #expect(all(&line) == [3])
    line.ended(runs[1])
    line.ended(runs[3])
    #expect(all(&line) == [5])
    #expect(line.waitingCount == 0)
  }

  @Test func besideGoesBesideAndSerialWaitsForThoseBeforeIt() {
    var line = RunLine(limit: 10)
    let runs = [
      run(1, lane: .beside(limit: 2)), run(2, lane: .beside(limit: 2)), run(3, lane: .beside(limit: 2)), run(4),
      run(5, lane: .beside(limit: .max)),
    ]
    for run in runs { line.add(run, at: Timestamp(seconds: 0)) }
    #expect(all(&line) == [1, 2])
    line.ended(runs[0])
    #expect(all(&line) == [3, 5])
    line.ended(runs[1])
    line.ended(runs[2])
    #expect(all(&line) == [4])
  }

  @Test func nothingGoesBeforeItsInstant() {
    var line = RunLine(limit: 1)
    line.add(run(1, notBefore: 100), at: Timestamp(seconds: 0))
    line.add(run(2, "other", notBefore: 50), at: Timestamp(seconds: 0))
    #expect(line.nextChange == Timestamp(seconds: 50))
    #expect(all(&line, at: 49).isEmpty)
    #expect(all(&line, at: 50) == [2])
    line.ended(run(2, "other", notBefore: 50))
    #expect(all(&line, at: 100) == [1])
  }

  /// Whatever comes, ends and is taken out: never too many, never two serial ones of a job, and all of them in the end.
  @Test func randomTraffic() {
    let seed = UInt64.random(in: .min ... .max)
    print("run line: seed \(seed)")
    var random = SplitMix(seed: seed)
    for _ in 0..<200 {
      let limit = Int.random(in: 1...5, using: &random)
      var line = RunLine(limit: limit)
      var active: [WaitingRun] = []
      var done = 0
      var came: Int64 = 0
      for step in 0..<300 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
          came += 1
          let lane: WaitingRun.Lane = Bool.random(using: &random) ? .serial : .beside(limit: 2)
          line.add(
            run(came, "job \(came % 4)", priority: Int.random(in: -1...1, using: &random), lane: lane),
            at: Timestamp(seconds: Int64(step)))
        case 2:
          if let ended = active.randomElement(using: &random) {
            active.removeAll { $0 == ended }
            line.ended(ended)
            done += 1
          }
        default:
          if came > 0, line.remove(RunNumber(raw: .random(in: 1...came, using: &random))) != nil { done += 1 }
        }
        while let next = line.next(at: Timestamp(seconds: Int64(step))) { active.append(next) }
        #expect(active.count <= limit)
        for job in Set(active.map(\.job)) {
          #expect(active.count { $0.job == job && $0.lane == .serial } <= 1)
          #expect(active.count { $0.job == job && $0.lane != .serial } <= 2)
        }
      }
      while !active.isEmpty || line.waitingCount > 0 {
        for run in active { line.ended(run) }
        done += active.count
        active.removeAll()
        while let next = line.next(at: Timestamp(seconds: 1_000)) { active.append(next) }
        guard !active.isEmpty || line.waitingCount == 0 else {
          Issue.record("\(line.waitingCount) runs wait for nothing; seed \(seed)")
          return
        }
      }
      #expect(done == Int(came))
    }
  }
}
