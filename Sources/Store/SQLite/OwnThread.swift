internal import Foundation

/// A thread for one long piece of blocking work.
enum OwnThread {
  static func run<Value: Sendable>(
    _ name: String, _ body: @escaping @Sendable () throws(StoreError) -> Value
  ) async throws(StoreError) -> Value {
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      let thread = Thread {
        do throws(StoreError) {
          continuation.resume(returning: .success(try body()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
      thread.name = name
      thread.start()
    }
    return try result.get()
  }
}
