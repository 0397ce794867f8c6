import JobModel
import Store

extension StoreConformance {
  /// What the store holds for an item in each state: a leased item stands as available.
  private static let storedStates = ItemState.allCases.filter { $0 != .leased }

  static let recordCases: [Case] = [
    Case(name: "an outcome is recorded with all that is known of it") { store in
      let fixture = Fixture(store)
      for (index, state) in ItemState.allCases.enumerated() where state != .leased && state != .available {
        let run = try await fixture.makeRun("run-\(index)")
        try await fixture.insert(["a", "b"], into: run)
        var batch = OutcomeBatch(run)
        let due = state == .retrying ? Fixture.at(99) : nil
        batch.add(
          ItemID(run: run, place: 1), state, deaths: 2, dueAt: due, cause: state == .retrying ? .item : nil,
          reason: "because", output: #"{"o":1}"#, effect: "would")
        try expect(try await store.record(batch.outcomes).recorded, is: 1)
        let item = try await fixture.item(run, "a")
        try expect(item.state, is: state)
        try expect(item.attempts, is: 1)
        try expect(item.deaths, is: 2)
        try expect(item.dueAt, is: due)
        try expect(item.startedAt, is: Fixture.at(5))
        try expect(item.duration, is: .microseconds(1_500))
        try expect(item.workerPID, is: 4_242)
        try expect(item.reason, is: "because")
        try expect(item.output, is: #"{"o":1}"#)
        try expect(item.effect, is: "would")
        try expect(item.payload, is: Array("a!".utf8))
        let counts = try await fixture.counts(run)
        try expect(counts[state], is: 1)
        try expect(counts.available, is: 1)
        try expect(try await fixture.ready(run).entries.count, is: 1, "ready items after \(state.name)")
      }
    },
    Case(name: "only a leased item takes an outcome, and only those of the table") { store in
      let fixture = Fixture(store)
      var made = 0
      for from in storedStates {
        for to in ItemState.allCases {
          made += 1
          let run = try await fixture.makeRun("run-\(made)")
          try await fixture.insert(["a"], into: run)
          try await fixture.bringItem(run, "a", to: from)
          let item = try await fixture.item(run, "a")
          var batch = OutcomeBatch(run)
          batch.add(item.id, to, expected: item.attempts, dueAt: Fixture.at(50), cause: to == .retrying ? .item : nil)
          let what = "\(from.name) → \(to.name)"
          if ItemState.leased.allows(to) {
            let receipt = try await store.record(batch.outcomes)
            try expect(receipt.recorded, is: from == .available ? 1 : 0, what)
            try expect(receipt.stale, is: from == .available ? [] : [item.id], what)
            try expect(try await fixture.item(run, "a").state, is: from == .available ? to : from, what)
          } else {
            try await expectError(.conflict, what) { _ = try await store.record(batch.outcomes) }
            try expect(try await fixture.item(run, "a").state, is: from, what)
          }
          try await fixture.counts(run)
        }
      }
    },
    Case(name: "a stale outcome is dropped, counted and named") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a", "b", "c"], into: run)
      let ids = (1...3).map { ItemID(run: run, place: $0) }
      try await fixture.record(run, "b", .succeeded)
      var batch = OutcomeBatch(run)
      batch.add(ids[0], .succeeded, expected: 1)
      batch.add(ids[1], .dead, expected: 1)
      batch.add(ids[2], .succeeded)
      batch.add(ids[2], .dead)
      batch.add(ItemID(run: run, place: 9), .succeeded)
      let receipt = try await store.record(batch.outcomes)
      try expect(receipt.recorded, is: 1)
      try expect(receipt.stale, is: [ids[0], ids[1], ids[2], ItemID(run: run, place: 9)])
      try expect(try await fixture.items(run).map(\.state), is: [.available, .succeeded, .succeeded])
      let counts = try await fixture.counts(run)
      try expect(counts.staleOutcomes, is: 4)
      try expect(counts.succeeded, is: 2)
    },
    Case(name: "an outcome of another run's item is refused with its whole batch") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let other = try await fixture.makeRun("other")
      for run in [run, other] { try await fixture.insert(["a"], into: run) }
      var batch = OutcomeBatch(run)
      batch.add(ItemID(run: run, place: 1), .succeeded)
      batch.add(ItemID(run: other, place: 1), .succeeded)
      try await expectError(.conflict, "a foreign item") { _ = try await store.record(batch.outcomes) }
      for run in [run, other] { try expect(try await fixture.counts(run).available, is: 1) }
    },
    Case(name: "an item given back is as it was") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run)
      try await fixture.record(run, "a", .available, charges: 0)
      let untried = try await fixture.detail(run, "a")
      try expect(untried.item.state, is: .available)
      try expect(untried.item.attempts, is: 0)
      try expect(untried.item.startedAt, is: nil)
      try expect(untried.attempts.count, is: 0)
      try await fixture.record(run, "a", .available, charges: 0, cause: .infrastructure, reason: "worker died")
      let tried = try await fixture.detail(run, "a")
      try expect(tried.item.attempts, is: 0)
      try expect(tried.attempts.map(\.cause), is: [.infrastructure])
      try expect(try await fixture.counts(run).available, is: 1)
    },
    Case(name: "an event is stored if its item's entry is") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a", "b", "c"], into: run)
      let ids = (1...3).map { ItemID(run: run, place: $0) }
      var batch = OutcomeBatch(run, at: Fixture.at(11))
      batch.add(ids[0], .succeeded)
      batch.add(ids[1], .succeeded, expected: 5)
      batch.addEvent(ids[0], type: "made", json: #"{"n":1}"#)
      batch.addEvent(ids[1], type: "stale", json: "{}")
      batch.addEvent(ids[2], type: "alone", json: "{}")
      batch.addEvent(ids[0], type: "made", json: #"{"n":2}"#)
      _ = try await store.record(batch.outcomes)
      let events = try await store.events(run: run, after: 0, limit: 10)
      try expect(events.map(\.type), is: ["made", "made"])
      try expect(events.map(\.json), is: [#"{"n":1}"#, #"{"n":2}"#])
      try expect(events.map(\.item), is: [ids[0], ids[0]])
      try expect(events.map(\.createdAt), is: [Fixture.at(11), Fixture.at(11)])
    },
  ]
}
