import Synchronization
import Testing

@testable import AWSClient

@Suite struct GateTests {
  @Test func onlySoManyAreIn() async throws {
    let gate = Gate(limit: 3)
    let crowd = Crowd()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          try await gate.enter()
          crowd.comes()
          for _ in 0..<5 { await Task.yield() }
          crowd.goes()
          gate.leave()
        }
      }
      try await group.waitForAll()
    }
    #expect((1...3).contains(crowd.most))
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

/// Counts who is inside.
private final class Crowd: Sendable {
  private let state = Mutex((inside: 0, most: 0))

  var most: Int { state.withLock { $0.most } }

  func comes() {
    state.withLock {
      $0.inside += 1
      $0.most = max($0.most, $0.inside)
    }
  }

  func goes() { state.withLock { $0.inside -= 1 } }
}
