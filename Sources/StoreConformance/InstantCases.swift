import JobModel
import Store

extension StoreConformance {
  static let instantCases: [Case] = [
    Case(name: "an instant and its run are recorded together, once") { store in
      let schedule = try await store.setSchedules([Fixture.schedule("a", "s")], at: Fixture.at(0))[0].number
      let receipt = try await store.judge([Fixture.fired(schedule, at: 60, run: "one")])
      guard case .recorded(let number?) = receipt[0] else { throw Failure(description: "no run: \(receipt)") }
      try expect(try await store.run(number)?.id.text, is: "one")
      let again = try await store.judge([Fixture.fired(schedule, at: 60, run: "two"), Fixture.missed(schedule, at: 30)])
      try expect(again, is: [.alreadyJudged, .alreadyJudged])
      try expect(try await store.runs(RunQuery()).map(\.id.text), is: ["one"])
      let row = try require(try await store.instants(InstantQuery(job: "a")).first, "the row")
      try expect(row.run?.text, is: "one")
      try expect(row.fate, is: .fired)
      try expect(row.scheduleName, is: "s")
      try expect(row.first, is: InstantKey(Fixture.at(60)))
      try expect(
        try await store.schedules(job: "a", includesRetired: false)[0].judgedUpTo, is: InstantKey(Fixture.at(60)))
    },
    Case(name: "several instants of one moment are told apart by their slots") { store in
      let schedule = try await store.setSchedules([Fixture.schedule("a", "s")], at: Fixture.at(0))[0].number
      let receipts = try await store.judge([0, 1, 1, 2].map { Fixture.missed(schedule, at: 60, slot: $0) })
      try expect(receipts, is: [.recorded(nil), .recorded(nil), .alreadyJudged, .recorded(nil)])
      try expect(try await store.instants(InstantQuery()).map(\.first.slot), is: [2, 1, 0])
    },
    Case(name: "judgements of one call stand or fall together") { store in
      let schedule = try await store.setSchedules([Fixture.schedule("a", "s")], at: Fixture.at(0))[0].number
      try await expectError(.conflict, "two runs of one id") {
        _ = try await store.judge([
          Fixture.fired(schedule, at: 60, run: "one"), Fixture.fired(schedule, at: 120, run: "one"),
        ])
      }
      try await expectError(.notFound, "no such schedule") {
        _ = try await store.judge([
          Fixture.fired(schedule, at: 60, run: "one"), Fixture.missed(ScheduleNumber(raw: 999), at: 1),
        ])
      }
      try expect(try await store.instants(InstantQuery()), is: [])
      try expect(try await store.runs(RunQuery()).count, is: 0)
      try expect(try await store.schedules(job: nil, includesRetired: false)[0].judgedUpTo, is: nil)
    },
    Case(name: "a backfill takes instants out of a stretch and replaces single rows") { store in
      let schedule = try await store.setSchedules([Fixture.schedule("a", "s")], at: Fixture.at(0))[0].number
      var stretch = Fixture.missed(schedule, at: 60)
      stretch.last = InstantKey(Fixture.at(240))
      stretch.count = 4
      _ = try await store.judge([stretch, Fixture.missed(schedule, at: 300), Fixture.fired(schedule, at: 360, run: "own")])
      func fill(_ seconds: Int) async throws -> JudgementReceipt {
        var judgement = Fixture.fired(schedule, at: seconds, run: "fill-\(seconds)")
        judgement.fate = .backfilled
        judgement.judgedAt = Fixture.at(1_000)
        return try await store.judge([judgement])[0]
      }
      for seconds in [60, 180, 300, 30] {
        guard case .recorded(_?) = try await fill(seconds) else { throw Failure(description: "\(seconds) was not filled") }
      }
      for seconds in [180, 300, 360] { try expect(try await fill(seconds), is: .alreadyJudged, "again at \(seconds)") }
      func rows() async throws -> [String] {
        try await store.instants(InstantQuery()).map { row in
          "\(row.first.dueAt - Fixture.at(0)) \(row.isStretch ? "stretch of \(row.count) " : "")\(row.fate.name) \(row.run?.text ?? "-")"
        }
      }
      try expect(
        try await rows(),
        is: [
          "360.0 seconds fired own", "300.0 seconds backfilled fill-300", "180.0 seconds backfilled fill-180",
          "60.0 seconds stretch of 2 missed -", "60.0 seconds backfilled fill-60", "30.0 seconds backfilled fill-30",
        ])
      for seconds in [120, 240] { _ = try await fill(seconds) }
      try expect(try await rows().contains { $0.contains("stretch") }, is: false, "an empty stretch is there")
      try expect(
        try await store.schedules(job: "a", includesRetired: false)[0].judgedUpTo, is: InstantKey(Fixture.at(360)))
    },
    Case(name: "what a schedule said is kept while a stretch of then is, and counts its own") { store in
      let first = try await store.setSchedules([Fixture.schedule("a", "s"), Fixture.schedule("b", "s")], at: Fixture.at(0))
      let number = first[0].number
      var stretch = Fixture.missed(number, at: 60)
      stretch.last = InstantKey(Fixture.at(240))
      stretch.count = 4
      _ = try await store.judge([stretch, Fixture.missed(first[1].number, at: 60)])
      try expect(try await store.pastRules(job: "a"), is: [])
      let changed = try ["a", "b"].map { try Fixture.schedule($0, "s", "30 * * * *") }
      _ = try await store.setSchedules(changed, at: Fixture.at(300))
      let rule = PastRule(
        schedule: number, spec: Fixture.spec("s"), since: Fixture.at(0), judgedUpTo: Fixture.at(240))
      try expect(try await store.pastRules(job: "a"), is: [rule])
      try expect(try await store.pastRules(job: "b"), is: [], "without a stretch")
      // Nothing was judged by the second.
      _ = try await store.setSchedules([Fixture.schedule("a", "s", "40 * * * *")], at: Fixture.at(400))
      try expect(try await store.pastRules(job: "a"), is: [rule])
      var judgement = Fixture.fired(number, at: 90, run: "beside")
      (judgement.fate, judgement.isCounted) = (.backfilled, false)
      _ = try await store.judge([judgement])
      try expect(try await store.instants(InstantQuery(job: "a")).map(\.count), is: [1, 4])
      judgement = Fixture.fired(number, at: 120, run: "within")
      judgement.fate = .backfilled
      _ = try await store.judge([judgement])
      try expect(try await store.instants(InstantQuery(job: "a")).map(\.count), is: [1, 1, 3])
      _ = try await store.pruneInstants(before: Fixture.at(10_000), limit: 100)
      try expect(try await store.pastRules(job: "a"), is: [])
    },
    Case(name: "the ledger is listed by job, time and fate, page by page") { store in
      let set = try [Fixture.schedule("a", "x"), Fixture.schedule("a", "y"), Fixture.schedule("b", "x")]
      let schedules = try await store.setSchedules(set, at: Fixture.at(0))
      for minute in 1...9 {
        _ = try await store.judge(
          schedules.map {
            var judgement = Fixture.missed($0.number, at: minute * 60)
            judgement.fate = minute % 3 == 0 ? .paused : .missed
            return judgement
          })
      }
      var query = InstantQuery(job: "a", limit: 5)
      var seen: [InstantRecord] = []
      while true {
        let page = try await store.instants(query)
        seen += page
        guard page.count == 5, let last = page.last else { break }
        query.cursor = last.cursor
      }
      try expect(seen.count, is: 18)
      try expect(seen.map(\.cursor), is: seen.map(\.cursor).sorted(by: >), "the order")
      try expect(Set(seen.map(\.cursor)).count, is: 18, "different rows")
      try expect(Set(seen.map(\.job)), is: ["a"])
      query = InstantQuery(job: "a", from: Fixture.at(120), limit: 5)
      query.isOldestFirst = true
      var back: [InstantRecord] = []
      while true {
        let page = try await store.instants(query)
        back += page
        guard page.count == 5, let last = page.last else { break }
        query.cursor = last.cursor
      }
      try expect(back, is: Array(seen.reversed().dropFirst(2)), "oldest first")
      var paused = InstantQuery(from: Fixture.at(180), to: Fixture.at(360), limit: 100)
      try expect(try await store.instants(paused).count, is: 9)
      paused.fates = [.paused]
      try expect(try await store.instants(paused).map(\.first.dueAt), is: [Fixture.at(180), Fixture.at(180), Fixture.at(180)])
    },
    Case(name: "a stretch that reaches into the time asked for is listed") { store in
      let schedule = try await store.setSchedules([Fixture.schedule("a", "s")], at: Fixture.at(0))[0].number
      var stretch = Fixture.missed(schedule, at: 60)
      stretch.last = InstantKey(Fixture.at(600))
      stretch.count = 10
      _ = try await store.judge([stretch, Fixture.missed(schedule, at: 660)])
      for job in ["a", nil] {
        try expect(
          try await store.instants(InstantQuery(job: job, from: Fixture.at(300), to: Fixture.at(301))).map(\.count), is: [10])
        try expect(try await store.instants(InstantQuery(job: job, from: Fixture.at(601))).map(\.count), is: [1])
        var oldest = InstantQuery(job: job, from: Fixture.at(300), limit: 1)
        oldest.isOldestFirst = true
        try expect(try await store.instants(oldest).map(\.count), is: [10])
        oldest.cursor = try await store.instants(oldest).last?.cursor
        try expect(try await store.instants(oldest).map(\.count), is: [1])
        oldest.cursor = try await store.instants(oldest).last?.cursor
        try expect(try await store.instants(oldest), is: [])
        try expect(try await store.instants(InstantQuery(job: job, from: Fixture.at(10))).map(\.count), is: [1, 10])
      }
    },
    Case(name: "old rows of the ledger are removed in pieces, marks stay") { store in
      let schedule = try await store.setSchedules([Fixture.schedule("a", "s")], at: Fixture.at(0))[0].number
      _ = try await store.judge((1...10).map { Fixture.missed(schedule, at: $0 * 60) })
      try expect(try await store.countInstants(judgedBefore: Fixture.at(481)), is: 7)
      try expect(try await store.pruneInstants(before: Fixture.at(481), limit: 5), is: 5)
      try expect(try await store.pruneInstants(before: Fixture.at(481), limit: 5), is: 2)
      try expect(try await store.pruneInstants(before: Fixture.at(481), limit: 5), is: 0)
      try expect(try await store.instants(InstantQuery()).map(\.first.dueAt), is: [600, 540, 480].map(Fixture.at))
      try expect(
        try await store.schedules(job: "a", includesRetired: false)[0].judgedUpTo, is: InstantKey(Fixture.at(600)))
    },
  ]
}
