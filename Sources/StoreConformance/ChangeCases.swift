import JobModel
import Store

extension StoreConformance {
  static let changeCases: [Case] = [
    Case(name: "cancelling ends what has not ended") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let other = try await fixture.makeRun("other")
      let states = ItemState.allCases.filter { $0 != .leased }
      for run in [run, other] {
        try await fixture.insert(states.map(\.name), into: run)
        for state in states { try await fixture.bringItem(run, state.name, to: state) }
      }
      try expect(try await store.cancelItems(run: run, at: Fixture.at(50)), is: 2)
      try expect(
        try await fixture.items(run).map(\.state),
        is: states.map { $0 == .available || $0 == .retrying ? .cancelled : $0 })
      try expect(try await fixture.item(run, "retrying").dueAt, is: nil)
      try expect(try await store.nextDue(run: run), is: nil)
      try expect(try await fixture.counts(run).cancelled, is: 3)
      try expect(try await store.cancelItems(run: run, at: Fixture.at(51)), is: 0)
      try expect(try await fixture.counts(other).available, is: 1)
      try await expectError(.notFound, "a run that is not there") {
        _ = try await store.cancelItems(run: RunNumber(raw: 99), at: Fixture.at(1))
      }
    },
    Case(name: "cancelling and retrying reach every item of a large run") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let keys = (0..<10_000).map { "key-\($0)" }
      try await fixture.insert(keys, into: run)
      var batch = OutcomeBatch(run)
      for place in 1...5_000 { batch.add(ItemID(run: run, place: place), .dead) }
      _ = try await store.record(batch.outcomes)
      try expect(try await store.retryItems(run: run, RetrySelection(at: Fixture.at(1))), is: 5_000)
      try expect(try await store.cancelItems(run: run, at: Fixture.at(2)), is: 10_000)
      try expect(try await fixture.counts(run).cancelled, is: 10_000)
    },
    Case(name: "a retry makes failed items available as if untried") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let states = ItemState.allCases.filter { $0 != .leased }
      try await fixture.insert(states.map(\.name), into: run)
      for state in states { try await fixture.bringItem(run, state.name, to: state) }
      try expect(try await store.retryItems(run: run, RetrySelection(at: Fixture.at(50))), is: 2)
      try expect(
        try await fixture.items(run).map(\.state), is: states.map { $0.isFailure ? .available : $0 })
      let dead = try await fixture.detail(run, "dead")
      try expect(dead.item.attempts, is: 0)
      try expect(dead.item.deaths, is: 0)
      try expect(dead.attempts.map(\.reason), is: ["dead"], "the try that ended it")
      try expect(try await fixture.detail(run, "poisoned").attempts.map(\.cause), is: [.poison])
      try await fixture.record(run, "dead", .succeeded)
      try expect(try await fixture.counts(run).succeeded, is: 2)
      try await expectError(.notFound, "a run that is not there") {
        _ = try await store.retryItems(run: RunNumber(raw: 99), RetrySelection(at: Fixture.at(1)))
      }
    },
    Case(name: "a retry takes the keys it is given, with new payloads") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a", "b", "c", "d"], into: run)
      for key in ["a", "b", "c"] { try await fixture.record(run, key, .dead) }
      let selection = RetrySelection(
        keys: ["a", "b", "d", "none"], payloads: ["b": Array("new".utf8), "c": [1], "d": [2]], at: Fixture.at(50))
      try expect(try await store.retryItems(run: run, selection), is: 2)
      try expect(try await fixture.items(run).map(\.state), is: [.available, .available, .dead, .available])
      try expect(
        try await fixture.items(run).map { String(decoding: $0.payload, as: UTF8.self) }, is: ["a!", "new", "c!", "d!"])
      try expect(try await store.retryItems(run: run, RetrySelection(keys: [], at: Fixture.at(51))), is: 0)
      try await fixture.counts(run)
    },
    Case(name: "items are listed by place, page and state") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let other = try await fixture.makeRun("other")
      for run in [run, other] { try await fixture.insert((0..<9).map { "k\($0)" }, into: run) }
      for key in ["k1", "k4", "k7"] { try await fixture.record(run, key, .dead) }
      for key in ["k2", "k5"] { try await fixture.record(run, key, .poisoned) }
      try await fixture.record(run, "k0", .succeeded)
      try await fixture.record(other, "k8", .dead)
      func keys(_ query: ItemQuery) async throws -> [String] { try await store.items(query).map(\.key) }
      try expect(try await keys(ItemQuery(run: run, limit: 3)), is: ["k0", "k1", "k2"])
      try expect(
        try await keys(ItemQuery(run: run, after: ItemID(run: run, place: 3), limit: 3)), is: ["k3", "k4", "k5"])
      try expect(try await keys(ItemQuery(run: run, states: [.dead])), is: ["k1", "k4", "k7"])
      try expect(try await keys(ItemQuery(run: run, states: [.dead, .poisoned])), is: ["k1", "k2", "k4", "k5", "k7"])
      try expect(try await keys(ItemQuery(run: run, states: [.dead, .succeeded])), is: ["k0", "k1", "k4", "k7"])
      try expect(try await keys(ItemQuery(states: [.dead])), is: ["k1", "k4", "k7", "k8"])
      try expect(try await keys(ItemQuery(limit: 10_000)).count, is: 18)
    },
  ]

  static let aroundCases: [Case] = [
    Case(name: "a run's own events are numbered and paged") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let other = try await fixture.makeRun("other")
      for index in 0..<5 {
        try await store.addEvent(run: run, type: "t\(index)", json: "{}", at: Fixture.at(index))
        try await store.addEvent(run: other, type: "x", json: "{}", at: Fixture.at(index))
      }
      let page = try await store.events(run: run, after: 0, limit: 2)
      try expect(page.map(\.type), is: ["t0", "t1"])
      try expect(page.map(\.item), is: [nil, nil])
      let rest = try await store.events(run: run, after: page[1].number, limit: 10)
      try expect(rest.map(\.type), is: ["t2", "t3", "t4"])
      try await expectError(.notFound, "a run that is not there") {
        try await store.addEvent(run: RunNumber(raw: 99), type: "t", json: "{}", at: Fixture.at(0))
      }
    },
    Case(name: "the newest artifact of a name counts") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      func put(_ name: String, _ bytes: Int64) async throws {
        try await store.putArtifact(
          ArtifactRecord(name: name, mediaType: "text/html", bytes: bytes, createdAt: Fixture.at(Int(bytes))), run: run)
      }
      try await put("report.html", 1)
      try await put("a.html", 2)
      try await put("report.html", 3)
      let artifacts = try await store.artifacts(run: run)
      try expect(artifacts.map(\.name), is: ["a.html", "report.html"])
      try expect(artifacts.map(\.bytes), is: [2, 3])
      try expect(artifacts.map(\.createdAt), is: [Fixture.at(2), Fixture.at(3)])
      try await expectError(.notFound, "a run that is not there") {
        try await store.putArtifact(
          ArtifactRecord(name: "n", mediaType: "m", bytes: 0, createdAt: Fixture.at(0)), run: RunNumber(raw: 99))
      }
    },
    Case(name: "a job's values live until they are emptied") { store in
      try expect(try await store.checkpoint(job: "a", key: "k"), is: nil)
      try await store.setCheckpoint(job: "a", key: "k", value: [1, 0, 2])
      try await store.setCheckpoint(job: "b", key: "k", value: [9])
      try expect(try await store.checkpoint(job: "a", key: "k"), is: [1, 0, 2])
      try await store.setCheckpoint(job: "a", key: "k", value: [3])
      try expect(try await store.checkpoint(job: "a", key: "k"), is: [3])
      try await store.setCheckpoint(job: "a", key: "k", value: [])
      try expect(try await store.checkpoint(job: "a", key: "k"), is: nil)
      try expect(try await store.checkpoint(job: "b", key: "k"), is: [9])
    },
  ]
}
