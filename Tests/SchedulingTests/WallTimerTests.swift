import Engine
import JobModel
import Testing

/// The system's own timer. The clock cannot be set in a test; what `timerfd` then says is timerfd_create(2)'s word.
@Suite(.timeLimit(.minutes(1))) struct WallTimerTests {
  @Test func itRingsAtTheInstantAndNotBefore() async throws {
    let timer = SystemWallTimer()
    for _ in 0..<5 {
      let due = Timestamp.systemNow() + .milliseconds(20)
      while try await timer.wait(until: due) != .reached || Timestamp.systemNow() < due {}
      #expect(Timestamp.systemNow() - due < .seconds(5))
    }
    #expect(try await timer.wait(until: Timestamp(microseconds: 0)) == .reached)
  }

  @Test func itIsWokenAlsoBeforehand() async throws {
    let timer = SystemWallTimer()
    timer.wake()
    #expect(try await timer.wait(until: nil) == .woken)
    async let end = timer.wait(until: nil)
    timer.wake()
    #expect(try await end == .woken)
  }

  @Test func aCancelledWaitThrows() async throws {
    let timer = SystemWallTimer()
    await #expect(throws: CancellationError.self) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { _ = try await timer.wait(until: nil) }
        group.cancelAll()
        try await group.waitForAll()
      }
    }
  }
}
