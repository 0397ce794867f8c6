import JobModel
import Store

extension StoreConformance {
  static let runCases: [Case] = [
    Case(name: "a run is kept as it was recorded") { store in
      var job = Fixture.job("thumbnails", uniqueFor: .seconds(60))
      job.config = .object(["path": .string("/übung"), "sizes": .array([.int(1), .double(0.5), .null, .bool(true)])])
      job.rateLimit = RateLimit(count: 3, interval: .milliseconds(250))
      let new = NewRun(
        id: RunID("20261123T074512-x7kq2m"), job: job, trigger: .event, event: #"{"a":1}"#, isPlan: true,
        onlyKeys: ["a", "b/ä"], createdAt: Fixture.at(0))
      let made = try await store.createRun(new)
      let read = try require(try await store.run(made.number), "the run")
      for run in [made, read] {
        try expect(run.id, is: new.id)
        try expect(run.job, is: job)
        try expect(run.trigger, is: .event)
        try expect(run.event, is: new.event)
        try expect(run.isPlan, is: true)
        try expect(run.onlyKeys, is: new.onlyKeys)
        try expect(run.state, is: .queued)
        try expect(run.createdAt, is: new.createdAt)
        try expect(run.startedAt, is: nil)
        try expect(run.finishedAt, is: nil)
        try expect(run.isDiscovered, is: false)
        try expect(run.discoveryCheckpoint, is: [])
        try expect(run.counts, is: ItemCounts())
      }
      try expect(try await store.run(RunNumber(raw: made.number.raw + 1)) == nil, "a run that was never made is there")
    },
    Case(name: "an id is recorded once") { store in
      let fixture = Fixture(store)
      let first = try await fixture.makeRun("same")
      try await expectError(.conflict, "the same id again") { _ = try await fixture.makeRun("same") }
      let second = try await fixture.makeRun("other")
      try expect(second.raw > first.raw, "run numbers do not grow")
    },
    Case(name: "a run makes every allowed move and no other") { store in
      let fixture = Fixture(store)
      var made = 0
      for from in RunState.allCases {
        for to in RunState.allCases {
          made += 1
          let run = try await fixture.makeRun("run-\(made)")
          try await fixture.bring(run, to: from)
          let move = RunMove(from: from, to: to, at: Fixture.at(3))
          if from.allows(to) {
            try expect(try await store.moveRun(run, move), "\(from.name) → \(to.name) was refused")
            try expect(try await fixture.run(run).state, is: to)
          } else {
            try await expectError(.conflict, "\(from.name) → \(to.name)") { _ = try await store.moveRun(run, move) }
            try expect(try await fixture.run(run).state, is: from)
          }
        }
      }
    },
    Case(name: "a move from another state changes nothing") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let move = RunMove(from: .running, to: .finishing, at: Fixture.at(3), error: "e", report: "{}")
      try expect(try await store.moveRun(run, move), is: false)
      let record = try await fixture.run(run)
      try expect(record.state, is: .queued)
      try expect(record.error, is: nil)
      try expect(record.report, is: nil)
      try await expectError(.notFound, "a run that is not there") {
        _ = try await store.moveRun(RunNumber(raw: 99), move)
      }
    },
    Case(name: "a run remembers when and how it moved") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      func move(_ from: RunState, _ to: RunState, _ second: Int, _ change: (inout RunMove) -> Void = { _ in })
        async throws -> RunRecord
      {
        var move = RunMove(from: from, to: to, at: Fixture.at(second))
        change(&move)
        try expect(try await store.moveRun(run, move), "\(from.name) → \(to.name) was refused")
        return try await fixture.run(run)
      }
      try expect(try await move(.queued, .discovering, 1).startedAt, is: Fixture.at(1))
      let running = try await move(.discovering, .running, 2) { $0.marksDiscovered = true }
      try expect(running.isDiscovered, "the discovery is not marked")
      try expect(running.startedAt, is: Fixture.at(1))
      _ = try await move(.running, .finishing, 3)
      let failed = try await move(.finishing, .failed, 4) {
        $0.error = "budget spent"
        $0.report = #"{"n":1}"#
      }
      try expect(failed.finishedAt, is: Fixture.at(4))
      try expect(failed.error, is: "budget spent")
      try expect(failed.report, is: #"{"n":1}"#)
      let reopened = try await move(.failed, .queued, 5)
      try expect(reopened.finishedAt, is: nil)
      try expect(reopened.error, is: nil, "the error of a reopened run")
      try expect(reopened.startedAt, is: Fixture.at(1))
      try expect(reopened.isDiscovered, "a reopened run forgot its discovery")
    },
    Case(name: "runs are listed newest first, by page, job and state") { store in
      let fixture = Fixture(store)
      var numbers: [RunNumber] = []
      for index in 0..<7 {
        numbers.append(try await fixture.makeRun("run-\(index)", job: Fixture.job(index % 2 == 0 ? "even" : "odd")))
      }
      try await fixture.bring(numbers[2], to: .cancelled)
      try await fixture.bring(numbers[3], to: .failed)
      func ids(_ query: RunQuery) async throws -> [String] { try await store.runs(query).map(\.id.text) }
      try expect(try await ids(RunQuery(limit: 3)), is: ["run-6", "run-5", "run-4"])
      try expect(try await ids(RunQuery(before: numbers[4], limit: 3)), is: ["run-3", "run-2", "run-1"])
      try expect(try await ids(RunQuery(job: "odd")), is: ["run-5", "run-3", "run-1"])
      try expect(try await ids(RunQuery(states: [.cancelled, .failed])), is: ["run-3", "run-2"])
      try expect(try await ids(RunQuery(job: "even", states: [.failed])), is: [])
    },
    Case(name: "a reference finds the one run it fits") { store in
      let fixture = Fixture(store)
      try await expectError(.notFound, "last of none") { _ = try await store.run(reference: "last") }
      let ids = ["20261123T074512-abcdef", "20261123T074513-abcxyz", "20261124T000000-abcdef2"]
      for id in ids { _ = try await fixture.makeRun(id) }
      func find(_ reference: String) async throws -> String {
        let run: RunRecord = try await store.run(reference: reference)
        return run.id.text
      }
      try expect(try await find("last"), is: ids[2])
      try expect(try await find(ids[0]), is: ids[0], "an exact id that is also a part of another")
      try expect(try await find("20261124"), is: ids[2])
      try expect(try await find("xyz"), is: ids[1])
      let message = try await expectError(.notFound, "a prefix of two") { _ = try await find("20261123") }
      for id in ids.prefix(2) { try expect(message.contains(id), "\(id) is not named in: \(message)") }
      try await expectError(.notFound, "a part from the middle") { _ = try await find("T0745") }
      try await expectError(.notFound, "too short") { _ = try await find("yz") }
      try await expectError(.notFound, "a pattern is no wildcard") { _ = try await find("%%%") }
      for index in 0..<7 { _ = try await fixture.makeRun("many-\(index)") }
      let many = try await expectError(.notFound, "seven runs") { _ = try await find("many-") }
      try expect((0..<7).filter { many.contains("many-\($0)") }.count, is: 5, "named candidates in: \(many)")
    },
  ]
}
