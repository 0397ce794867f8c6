import Testing

@testable import CarillonPlugin

/// The pool itself, given more than any host would give.
@Suite struct ItemPoolTests {
  @Test(.timeLimit(.minutes(1)), arguments: [1, 3, 64])
  func keepsItsLimitExactly(limit: Int) async {
    let level = Level()
    let gate = Gate(width: limit)
    let done = Gate(width: 501)
    let pool = ItemPool(limit: limit) { _ in
      level.enter()
      // The first ones wait for each other, so the limit is reached; then all go on.
      await gate.pass()
      await Task.yield()
      level.leave()
      done.arrive()
    }
    for start in stride(from: UInt64(1), to: 500, by: 20) {
      pool.submit(Piece(ids: Array(start..<(start + 20))))
    }
    await done.pass()
    await end(pool)
    #expect(level.peak == limit)
  }

  @Test(.timeLimit(.minutes(1)))
  func itemsCancelledWhileTheyWaitAreMarked() async {
    let first = Gate()
    let marks = Marks()
    let done = Gate(width: 11)
    let pool = ItemPool(limit: 1) { work in
      marks.add(work.id, work.isCancelled)
      if work.id == 1 { await first.pass() }
      done.arrive()
    }
    pool.submit(Piece(ids: [1, 2, 3, 4]))
    pool.submit(Piece(ids: [5, 6, 7, 8, 9, 10]))
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
    let pool = ItemPool(limit: 1) { work in
      marks.add(work.id, work.isCancelled)
      done.arrive()
    }
    pool.beginArrival()
    pool.cancel(item: item)
    pool.submit(Piece(ids: [1, 2, 3]))
    pool.endArrival()
    await done.pass()
    await end(pool)
    #expect(marks.cancelled == (item == 0 ? [1, 2, 3] : [2]))
  }

  /// Ends a pool as the host does: on a thread that may block.
  private func end(_ pool: ItemPool) async {
    await withCheckedContinuation { continuation in
      onThread {
        pool.end()
        continuation.resume()
      }
    }
  }
}
