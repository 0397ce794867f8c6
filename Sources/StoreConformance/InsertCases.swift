import JobModel
import Store

extension StoreConformance {
  static let insertCases: [Case] = [
    Case(name: "items are added in their order, duplicates ignored and counted") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let first = try await store.insert(
        Fixture.items([("a", 0), ("b", 0), ("a", 7), ("ä/ö", 0)]), into: run, options: InsertOptions(at: Fixture.at(1)))
      try expect(first.inserted, is: 3)
      try expect(first.duplicateKeys, is: 1)
      try expect(first.firstID, is: ItemID(run: run, place: 1))
      try expect(first.hasPriorities, is: false, "a duplicate's priority counted")
      let second = try await store.insert(
        Fixture.items([("b", 0), ("c", 5)]), into: run, options: InsertOptions(at: Fixture.at(1)))
      try expect(second.inserted, is: 1)
      try expect(second.firstID, is: ItemID(run: run, place: 4))
      try expect(second.hasPriorities, is: true)
      let third = try await fixture.insert(["a"], into: run)
      try expect(third.inserted, is: 0)
      try expect(third.firstID, is: nil)
      try expect(try await fixture.items(run).map(\.key), is: ["a", "b", "ä/ö", "c"])
      try expect(try await fixture.items(run).map(\.id.place), is: [1, 2, 3, 4])
      let counts = try await fixture.counts(run)
      try expect(counts.available, is: 4)
      try expect(counts.duplicateKeys, is: 3)
    },
    Case(name: "a new item is available and untried") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      var items = Fixture.items([("full", -3)])
      items.entries.append(
        NewItems.Entry(priority: 0, key: ByteRange(offset: 0, count: 2), payload: .empty))
      _ = try await store.insert(items, into: run, options: InsertOptions(at: Fixture.at(1)))
      let full = try await fixture.item(run, "full")
      try expect(full.state, is: .available)
      try expect(full.priority, is: -3)
      try expect(full.payload, is: Array("full!".utf8))
      try expect(full.attempts, is: 0)
      try expect(full.deaths, is: 0)
      try expect(full.startedAt, is: nil)
      try expect(full.duration, is: nil)
      try expect(full.reason, is: nil)
      try expect(try await fixture.item(run, "fu").payload, is: [], "an empty payload")
      try expect(try await store.item(run: run, key: "none") == nil, "an item that was never added is there")
    },
    Case(name: "an item with a payload of a megabyte comes back whole") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let payload = (0..<1_048_576).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let items = NewItems(
        bytes: Array("big".utf8) + payload,
        entries: [
          NewItems.Entry(
            priority: 0, key: ByteRange(offset: 0, count: 3), payload: ByteRange(offset: 3, count: payload.count))
        ])
      _ = try await store.insert(items, into: run, options: InsertOptions(at: Fixture.at(1)))
      let ready = try await fixture.ready(run)
      try expect(ready.entries.count, is: 1)
      try expect(Array(ready.bytes[ready.entries[0].payload.range]) == payload, "the payload differs")
    },
    Case(name: "the checkpoint goes with the items") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run, options: InsertOptions(at: Fixture.at(1), checkpoint: [1, 2]))
      try expect(try await fixture.run(run).discoveryCheckpoint, is: [1, 2])
      try await fixture.insert(["b"], into: run)
      try expect(try await fixture.run(run).discoveryCheckpoint, is: [1, 2], "unchanged by an insert without one")
      try await fixture.insert([], into: run, options: InsertOptions(at: Fixture.at(1), checkpoint: [3]))
      try expect(try await fixture.run(run).discoveryCheckpoint, is: [3], "set without items")
      try await fixture.insert(["a"], into: run, options: InsertOptions(at: Fixture.at(1), checkpoint: []))
      try expect(try await fixture.run(run).discoveryCheckpoint, is: [], "set back with duplicates alone")
    },
    Case(name: "items of a run that is not there are refused") { store in
      let fixture = Fixture(store)
      let missing = RunNumber(raw: 77)
      try await expectError(.notFound, "insert") { _ = try await fixture.insert(["a"], into: missing) }
      try expect(try await store.items(ItemQuery(run: missing)).count, is: 0)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run)
      try expect(try await fixture.items(run).count, is: 1)
    },
  ]

  static let readyCases: [Case] = [
    Case(name: "ready items come by lane, in order, after a place") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let other = try await fixture.makeRun("other")
      try await fixture.insert(["foreign"], into: other)
      _ = try await store.insert(
        Fixture.items([
          ("n1", 0), ("low1", -1), ("up1", 1), ("n2", 0), ("up9", 9), ("low5", -5), ("up1b", 1), ("n3", 0), ("low1b", -1),
        ]), into: run, options: InsertOptions(at: Fixture.at(1)))
      func keys(_ lane: ReadyQuery.Lane, after place: Int = 0, limit: Int = 100, maxBytes: Int = .max)
        async throws -> [String]
      {
        let items = try await store.ready(
          ReadyQuery(run: run, lane: lane, after: ItemID(run: run, place: place), limit: limit, maxBytes: maxBytes))
        return items.entries.map { String(decoding: items.bytes[$0.key.range], as: UTF8.self) }
      }
      try expect(try await keys(.normal), is: ["n1", "n2", "n3"])
      try expect(try await keys(.urgent), is: ["up9", "up1", "up1b"])
      try expect(try await keys(.low), is: ["low1", "low1b", "low5"])
      try expect(try await keys(.normal, after: 1), is: ["n2", "n3"])
      try expect(try await keys(.normal, after: 9), is: [])
      try expect(try await keys(.normal, limit: 2), is: ["n1", "n2"])
      try expect(try await keys(.urgent, limit: 1), is: ["up9"])
      try expect(try await keys(.normal, maxBytes: 1), is: ["n1"], "one item at least")
      try expect(try await keys(.normal, limit: 0), is: [])
      try await fixture.record(run, "n2", .succeeded)
      try await fixture.record(run, "up9", .succeeded)
      try expect(try await keys(.normal), is: ["n1", "n3"])
      try expect(try await keys(.urgent), is: ["up1", "up1b"])
    },
    Case(name: "a ready item carries what its next attempt needs") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run)
      try await fixture.record(run, "a", .retrying, dueAt: Fixture.at(20), cause: .item)
      var batch = OutcomeBatch(run)
      _ = try await store.promoteDue(run: run, at: Fixture.at(20), limit: 1)
      batch.add(
        try await fixture.item(run, "a").id, .retrying, expected: 1, charges: 0, deaths: 1, dueAt: Fixture.at(30),
        cause: .poison)
      _ = try await store.record(batch.outcomes)
      let items = try await store.promoteDue(run: run, at: Fixture.at(30), limit: 1)
      try expect(items.entries.count, is: 1)
      let entry = items.entries[0]
      try expect(entry.attempts, is: 1)
      try expect(entry.deaths, is: 1)
      try expect(String(decoding: items.bytes[entry.key.range], as: UTF8.self), is: "a")
      try expect(String(decoding: items.bytes[entry.payload.range], as: UTF8.self), is: "a!")
      let ready = try await fixture.ready(run)
      try expect(ready.entries.map(\.attempts), is: [1])
      try expect(ready.entries.map(\.deaths), is: [1])
    },
    Case(name: "due items become available, oldest first") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      let other = try await fixture.makeRun("other")
      for (run, keys) in [(run, ["c", "a", "b", "d"]), (other, ["x"])] { try await fixture.insert(keys, into: run) }
      try expect(try await store.nextDue(run: run), is: nil)
      try await fixture.record(other, "x", .retrying, dueAt: Fixture.at(1), cause: .item)
      for (key, due) in [("a", 30), ("b", 20), ("c", 20), ("d", 40)] {
        try await fixture.record(run, key, .retrying, dueAt: Fixture.at(due), cause: .item)
      }
      func promote(_ second: Int, limit: Int = 10) async throws -> [String] {
        let items = try await store.promoteDue(run: run, at: Fixture.at(second), limit: limit)
        return items.entries.map { String(decoding: items.bytes[$0.key.range], as: UTF8.self) }
      }
      try expect(try await store.nextDue(run: run), is: Fixture.at(20))
      try expect(try await promote(19), is: [])
      try expect(try await promote(30, limit: 2), is: ["c", "b"])
      try expect(try await fixture.counts(run).retrying, is: 2)
      try expect(try await promote(30), is: ["a"])
      try expect(try await promote(30), is: [])
      try expect(try await store.nextDue(run: run), is: Fixture.at(40))
      try expect(try await fixture.item(run, "a").dueAt, is: nil)
      try expect(try await fixture.counts(run).available, is: 3)
    },
  ]
}
