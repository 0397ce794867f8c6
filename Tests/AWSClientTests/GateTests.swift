import Synchronization
import Testing

@testable import AWSClient

@Suite struct GateTests {
  @Test func onlySoManyAreIn() async throws {
    let gate = Gate(limit: 3)
    let state = Mutex((inside: 0, most: 0))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await gate.enter()
          state.withLock {
            $0.inside += 1
            $0.most = max($0.most, $0.inside)
          }
          for _ in 0..<5 { await Task.yield() }
          state.withLock { $0.inside -= 1 }
          gate.leave()
        }
      }
      try await group.waitForAll()
    }
    #expect(state.withLock { $0.most } <= 3)
  }

  @Test func whoIsCancelledTakesNoPlace() async throws {
    let gate = Gate(limit: 1)
    try await gate.enter()
    await withTaskGroup(of: AWSError.Code?.self) { group in
      for _ in 0..<20 {
        group.addTask {
          do throws(AWSError) {
            try await gate.enter()
            return nil
          } catch {
            return error.code
          }
        }
      }
      group.cancelAll()
      for await code in group { #expect(code == .cancelled) }
    }
    gate.leave()
    try await gate.enter()
    gate.leave()
  }
}
