import CCarillonPlugin
import CarillonPluginTesting
import Testing

@testable import CarillonPlugin

/// The pool itself, given more than any host would give.
@Suite struct ItemPoolTests {
  /// A host that can do nothing.
  private let host: Host = {
    let pointer = UnsafeMutablePointer<carillon_host>.allocate(capacity: 1)
    pointer.initialize(to: carillon_host())
    defer { pointer.deallocate() }
    return Host(pointer)
  }()

  private func contexts(_ ids: ClosedRange<UInt64>) -> [ItemContext<Int>] {
    let facts = RunFacts(id: "r", job: "j", event: [], isPlan: false, startedAtUs: 0, deadlineUs: 0)
    return ids.map { id in
      ItemContext(
        key: "\(id)", attempt: 1, value: Int(id), run: RunContext(facts: facts, host: host), id: id)
    }
  }

  @Test(.timeLimit(.minutes(1)), arguments: [1, 3, 64])
  func keepsItsLimitExactly(limit: Int) async {
    let level = Level()
    let gate = Gate(width: limit)
    let done = Gate(width: 501)
    let pool = ItemPool<Int>(limit: limit) { context, _ in
      level.enter()
      // The first ones wait for each other, so the limit is reached; then all go on.
      await gate.pass()
      await Task.yield()
      level.leave()
      done.arrive()
    }
    pool.submit(contexts(1...500))
    await done.pass()
    await end(pool)
    #expect(level.peak == limit)
  }

  @Test(.timeLimit(.minutes(1)))
  func itemsCancelledWhileTheyWaitAreMarked() async {
    let first = Gate()
    let marks = Marks()
    let done = Gate(width: 11)
    let pool = ItemPool<Int>(limit: 1) { context, isCancelled in
      marks.add(context.id, isCancelled)
      if context.id == 1 { await first.pass() }
      done.arrive()
    }
    pool.submit(contexts(1...10))
    for id in [UInt64(4), 7, 99] { pool.cancel(item: id) }
    first.open()
    await done.pass()
    await end(pool)
    #expect(marks.cancelled == [4, 7])
  }

  /// `cancel` comes on the control thread while the main thread is still taking the batch in.
  @Test(.timeLimit(.minutes(1)), arguments: [UInt64(0), 2])
  func itemsCancelledBeforeTheyArriveAreMarked(item: UInt64) async {
    let marks = Marks()
    let done = Gate(width: 4)
    let pool = ItemPool<Int>(limit: 1) { context, isCancelled in
      marks.add(context.id, isCancelled)
      done.arrive()
    }
    pool.beginArrival()
    pool.cancel(item: item)
    pool.submit(contexts(1...3))
    pool.endArrival()
    await done.pass()
    await end(pool)
    #expect(marks.cancelled == (item == 0 ? [1, 2, 3] : [2]))
  }

  /// Ends a pool as the host does: on a thread that may block.
  private func end(_ pool: ItemPool<Int>) async {
    await withCheckedContinuation { continuation in
      onThread {
        pool.end()
        continuation.resume()
      }
    }
  }
}
