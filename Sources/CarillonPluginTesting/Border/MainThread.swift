import Dispatch

/// The host's main thread: calls on it never overlap, and may block without holding up the concurrency pool.
final class MainThread: Sendable {
  private let queue = DispatchQueue(label: "carillon.harness.main")

  func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body() }) }
    }
  }
}
