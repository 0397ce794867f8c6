import JobModel
import Store

extension StoreConformance {
  static let scheduleCases: [Case] = [
    Case(name: "schedules are kept, changed, retired and taken up again") { store in
      var spec = Fixture.spec("nightly")
      spec.exclusions = [.expression("* * 25 12 *"), .window(from: Fixture.at(1), to: Fixture.at(2))]
      spec.jitter = .milliseconds(1_500)
      let nightly = try NewSchedule(job: "a", spec: spec)
      let hourly = try Fixture.schedule("a", "hourly")
      let other = try Fixture.schedule("b", "nightly")
      let first = try await store.setSchedules([nightly, hourly, other], at: Fixture.at(0))
      try expect(first.allSatisfy { $0.since == Fixture.at(0) && $0.judgedUpTo == nil }, "not as new")
      try expect(Set(first.map(\.number)).count, is: 3)
      let kept = try await store.schedules(job: nil, includesRetired: true)
      try expect(kept.map(\.job), is: ["a", "a", "b"])
      try expect(kept.map(\.spec), is: [Fixture.spec("hourly"), spec, Fixture.spec("nightly")])
      try expect(kept.allSatisfy { $0.retiredAt == nil }, "retired")
      try expect(kept.map(\.number), is: [first[1].number, first[0].number, first[2].number])
      try expect(try await store.schedules(job: "a", includesRetired: false).map(\.spec.name), is: ["hourly", "nightly"])

      let moved = try Fixture.schedule("a", "hourly", "5 * * * *")
      _ = try await store.judge(first.map { Fixture.missed($0.number, at: 10) })
      let second = try await store.setSchedules([moved, nightly], at: Fixture.at(20))
      try expect(second.map(\.number), is: [first[1].number, first[0].number], "the numbers")
      try expect(second.map(\.since), is: [Fixture.at(20), Fixture.at(0)], "the beginnings")
      try expect(second.map(\.judgedUpTo), is: [nil, InstantKey(Fixture.at(10))], "the marks")
      let all = try await store.schedules(job: nil, includesRetired: true)
      try expect(all.map(\.retiredAt), is: [nil, nil, Fixture.at(20)], "what was retired")
      try expect(try await store.schedules(job: "b", includesRetired: false), is: [])

      let third = try await store.setSchedules([other, moved, nightly], at: Fixture.at(30))
      try expect(third[0].number, is: first[2].number)
      try expect(third[0].since, is: Fixture.at(30))
      try expect(third[0].judgedUpTo, is: nil)
      try expect(try await store.schedules(job: "b", includesRetired: true)[0].retiredAt, is: nil)
      try expect(try await store.instants(InstantQuery()).count, is: 3, "rows of the ledger")
    },
    Case(name: "a schedule that has been judged for later begins behind that, and no other does") { store in
      let ahead = try Fixture.schedule("a", "ahead")
      let gone = try Fixture.schedule("a", "gone")
      let first = try await store.setSchedules([ahead, gone], at: Fixture.at(0))
      _ = try await store.judge(first.map { Fixture.missed($0.number, at: 500) })
      // The clock was set back.
      _ = try await store.setSchedules([ahead], at: Fixture.at(10))
      let changed = try Fixture.schedule("a", "ahead", "5 * * * *")
      let second = try await store.setSchedules([changed, gone, Fixture.schedule("b", "new")], at: Fixture.at(20))
      let behind = Fixture.at(500) + .microseconds(1)
      try expect(second.map(\.since), is: [behind, behind, Fixture.at(20)], "the beginnings")
    },
    Case(name: "a comparison tells what setting schedules would change, and changes nothing") { store in
      let wanted = try ["same", "changes", "new"].map { try Fixture.schedule("a", $0) }
      try expect(try await store.compare(wanted).same, is: [nil, nil, nil])
      let old = [wanted[0], try Fixture.schedule("a", "changes", "5 * * * *"), try Fixture.schedule("a", "goes")]
      let first = try await store.setSchedules(old, at: Fixture.at(0))
      _ = try await store.setSchedules(old + [try Fixture.schedule("a", "retired")], at: Fixture.at(1))
      _ = try await store.setSchedules(old, at: Fixture.at(2))
      _ = try await store.judge([Fixture.missed(first[0].number, at: 10)])
      let comparison = try await store.compare(wanted)
      try expect(
        comparison.same,
        is: [
          ScheduleStanding(number: first[0].number, since: Fixture.at(0), judgedUpTo: InstantKey(Fixture.at(10))), nil, nil,
        ])
      try expect(Set(comparison.others.map(\.spec.name)), is: ["changes", "goes"])
      try expect(comparison.others.map(\.spec.expressions).sorted { $0[0] > $1[0] }, is: [["5 * * * *"], ["* * * * *"]])
      try expect(comparison.isSame, is: false)
      try expect(try await store.compare(old).isSame, is: true)
      try expect(try await store.compare(Array(old.dropLast())).isSame, is: false)
      let standings = try await store.standings().sorted { $0.number < $1.number }
      try expect(standings, is: try await store.compare(old).same.compactMap { $0 }.sorted { $0.number < $1.number })
    },
    Case(name: "a job is paused once, and its pause ends once") { store in
      let first = try await store.pause(job: "a", note: "moving house", at: Fixture.at(1))
      try expect(first, is: PauseRecord(job: "a", since: Fixture.at(1), note: "moving house"))
      let second = try await store.pause(job: "a", note: "still moving", at: Fixture.at(2))
      try expect(second, is: PauseRecord(job: "a", since: Fixture.at(1), note: "still moving"))
      _ = try await store.pause(job: "b", note: "", at: Fixture.at(3))
      try expect(try await store.pauses().map(\.job), is: ["a", "b"])
      try expect(try await store.endPause(job: "a"), is: second)
      try expect(try await store.endPause(job: "a"), is: nil)
      try expect(try await store.pauses().map(\.job), is: ["b"])
    },
    Case(name: "a run keeps what it stands for and how long it waits") { store in
      let new = NewRun(
        id: RunID("waits"), job: Fixture.job(), trigger: .schedule, createdAt: Fixture.at(0), notBefore: Fixture.at(60),
        dueAt: Fixture.at(30))
      let made = try await store.createRun(new)
      for run in [made, try require(try await store.run(made.number), "the run")] {
        try expect(run.notBefore, is: Fixture.at(60))
        try expect(run.dueAt, is: Fixture.at(30))
      }
    },
    Case(name: "runs that have not ended are found among many that have") { store in
      let fixture = Fixture(store)
      for index in 0..<30 {
        let run = try await fixture.makeRun("run-\(index)")
        if index % 10 != 4 { try await fixture.bring(run, to: .cancelled) }
      }
      let open = RunState.allCases.filter { !$0.isFinal }
      let found = try await store.runs(RunQuery(states: open, limit: 100))
      try expect(found.map(\.id.text), is: ["run-24", "run-14", "run-4"])
    },
  ]
}

extension Fixture {
  static func spec(_ name: String, _ expression: String = "* * * * *") -> ScheduleSpec {
    ScheduleSpec(name: name, expressions: [expression], zone: "Europe/Berlin")
  }

  static func schedule(_ job: String, _ name: String, _ expression: String = "* * * * *") throws -> NewSchedule {
    try NewSchedule(job: job, spec: spec(name, expression))
  }

  static func missed(_ schedule: ScheduleNumber, at seconds: Int, slot: Int = 0) -> Judgement {
    Judgement(
      schedule: schedule, first: InstantKey(at(seconds), slot: slot), fate: .missed, judgedAt: at(seconds + 1))
  }

  static func fired(_ schedule: ScheduleNumber, at seconds: Int, run: String) -> Judgement {
    Judgement(
      schedule: schedule, first: InstantKey(at(seconds)), fate: .fired, judgedAt: at(seconds),
      run: NewRun(id: RunID(run), job: job(), trigger: .schedule, createdAt: at(seconds), dueAt: at(seconds)))
  }
}
