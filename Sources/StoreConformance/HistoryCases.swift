import JobModel
import Store

extension StoreConformance {
  static let historyCases: [Case] = [
    Case(name: "tries that do not end an item are its history") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run)
      for (index, cause) in RetryCause.allCases.enumerated() {
        let charges = cause.costsAttempt ? 1 : 0
        let due = Fixture.at(20 + index)
        try await fixture.record(run, "a", .retrying, charges: charges, dueAt: due, cause: cause, reason: cause.name)
        _ = try await store.promoteDue(run: run, at: due, limit: 1)
      }
      try await fixture.record(run, "a", .succeeded)
      let detail = try await fixture.detail(run, "a")
      try expect(detail.attempts.map(\.cause), is: RetryCause.allCases)
      try expect(detail.attempts.map(\.reason), is: RetryCause.allCases.map(\.name))
      try expect(detail.attempts.map(\.ordinal), is: Array(1...RetryCause.allCases.count))
      try expect(detail.attempts.map(\.attempt), is: [1, 2, 2, 2, 2, 3], "attempts as the plugin saw them")
      try expect(detail.attempts.map(\.startedAt), is: Array(repeating: Fixture.at(5), count: 6))
      try expect(detail.attempts.map(\.duration), is: Array(repeating: .microseconds(1_500), count: 6))
      try expect(detail.attempts.map(\.workerPID), is: Array(repeating: 4_242, count: 6))
      try expect(detail.item.attempts, is: 3)
      try expect(detail.item.state, is: .succeeded)
    },
    Case(name: "a clean success has no history") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run)
      try await fixture.record(run, "a", .succeeded)
      try expect(try await fixture.detail(run, "a").attempts.count, is: 0)
    },
    Case(name: "the newest 200 tries are kept") { store in
      let fixture = Fixture(store)
      let run = try await fixture.makeRun()
      try await fixture.insert(["a"], into: run)
      for _ in 0..<205 {
        try await fixture.record(run, "a", .retrying, charges: 0, dueAt: Fixture.at(1), cause: .rateLimit)
        _ = try await store.promoteDue(run: run, at: Fixture.at(1), limit: 1)
      }
      let ordinals = try await fixture.detail(run, "a").attempts.map(\.ordinal)
      try expect(ordinals, is: Array(6...205))
    },
  ]

  static let claimCases: [Case] = [
    Case(name: "a key is done once in its period") { store in
      let fixture = Fixture(store)
      let job = Fixture.job("mail", uniqueFor: .seconds(100))
      let first = try await fixture.makeRun("first", job: job)
      let second = try await fixture.makeRun("second", job: job)
      func options(_ second: Int, job name: String = "mail") -> InsertOptions {
        InsertOptions(at: Fixture.at(second), unique: (name, UniquePolicy(period: .seconds(100))))
      }
      try expect(try await fixture.insert(["a", "b"], into: first, options: options(0)).skipped, is: 0)
      let receipt = try await fixture.insert(["a", "c"], into: second, options: options(50))
      try expect(receipt.inserted, is: 2)
      try expect(receipt.skipped, is: 1)
      let duplicate = try await fixture.item(second, "a")
      try expect(duplicate.state, is: .skipped)
      try expect(duplicate.reason, is: "duplicate of run first")
      try expect(try await fixture.counts(second).skipped, is: 1)
      try expect(try await fixture.ready(second).entries.count, is: 1)
      let third = try await fixture.makeRun("third", job: job)
      try expect(try await fixture.insert(["a", "c"], into: third, options: options(100)).skipped, is: 1, "after expiry")
      let other = try await fixture.makeRun("other", job: Fixture.job("post"))
      try expect(try await fixture.insert(["c"], into: other, options: options(100, job: "post")).skipped, is: 0)
      try expect(try await fixture.insert(["c"], into: third).duplicateKeys, is: 1)
    },
    Case(name: "a dead letter gives its claim back, a success keeps it") { store in
      let fixture = Fixture(store)
      let job = Fixture.job("mail", uniqueFor: .seconds(100))
      let options = InsertOptions(at: Fixture.at(0), unique: ("mail", UniquePolicy(period: .seconds(100))))
      let first = try await fixture.makeRun("first", job: job)
      try await fixture.insert(["ok", "dead", "poisoned", "open"], into: first, options: options)
      try await fixture.record(first, "ok", .succeeded, uniqueJob: "mail")
      try await fixture.record(first, "dead", .dead, uniqueJob: "mail")
      try await fixture.record(first, "poisoned", .poisoned, uniqueJob: "mail")
      let second = try await fixture.makeRun("second", job: job)
      try await fixture.insert(["ok", "dead", "poisoned", "open"], into: second, options: options)
      try expect(
        try await fixture.items(second).map(\.state), is: [.skipped, .available, .available, .skipped])
      try expect(try await fixture.store.retryItems(run: first, RetrySelection(at: Fixture.at(1))), is: 2)
      try await fixture.record(first, "dead", .dead, uniqueJob: "mail")
      let third = try await fixture.makeRun("third", job: job)
      try await fixture.insert(["dead"], into: third, options: options)
      try expect(try await fixture.item(third, "dead").state, is: .skipped, "the second run's claim was given back")
    },
    Case(name: "cancelled items give their claims back, retried ones take them again") { store in
      let fixture = Fixture(store)
      let job = Fixture.job("mail", uniqueFor: .seconds(100))
      let options = InsertOptions(at: Fixture.at(0), unique: ("mail", UniquePolicy(period: .seconds(100))))
      let first = try await fixture.makeRun("first", job: job)
      try await fixture.insert(["done", "open", "dead"], into: first, options: options)
      try await fixture.record(first, "done", .succeeded, uniqueJob: "mail")
      try await fixture.record(first, "dead", .dead, uniqueJob: "mail")
      try expect(try await store.cancelItems(run: first, at: Fixture.at(1)), is: 1)
      _ = try await store.retryItems(run: first, RetrySelection(at: Fixture.at(2)))
      let second = try await fixture.makeRun("second", job: job)
      try await fixture.insert(["done", "open", "dead"], into: second, options: options)
      try expect(try await fixture.items(second).map(\.state), is: [.skipped, .available, .skipped])
    },
  ]
}
