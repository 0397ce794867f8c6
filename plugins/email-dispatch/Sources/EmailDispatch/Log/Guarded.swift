import Synchronization

/// A value behind a lock, as a class: closures of several threads share it.
final class Guarded<Value>: Sendable {
  private let value: Mutex<Value>

  init(_ value: sending Value) { self.value = Mutex(value) }

  func withLock<Result: ~Copyable>(_ body: (inout sending Value) throws -> sending Result) rethrows -> sending Result {
    try value.withLock(body)
  }
}
