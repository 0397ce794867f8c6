import Foundation

/// What reaches one run from everywhere: its workers' threads, its own child tasks, and people. One reader; any writer.
///
/// A worker's thread waits while too much is unread, so a flood stays in the flooder's socket. The run's own events never wait:
/// each answers something that the run asked for, so their number is bounded by what it asks.
///
/// `@unchecked Sendable`: every stored variable is read and written under `condition` only.
package final class Mailbox: @unchecked Sendable {
  private let condition = NSCondition()
  private var events: [DriverEvent] = []
  private var unreadBytes = 0
  private var reader: CheckedContinuation<[DriverEvent], Never>?
  private var isClosed = false
  private var isHeld = false

  private static let maxEvents = 4_096
  private static let maxBytes = 8 * 1024 * 1024

  /// Adds an event of a worker; waits while the mailbox is full. For worker threads only.
  func deliver(_ event: DriverEvent) {
    condition.lock()
    while !isClosed && (isHeld || events.count >= Self.maxEvents || unreadBytes >= Self.maxBytes) { condition.wait() }
    add(event)
  }

  /// Adds an event at once.
  func post(_ event: DriverEvent) {
    condition.lock()
    add(event)
  }

  /// Every event since the last call, in order; waits for the first. One caller at a time.
  func take() async -> [DriverEvent] {
    await withCheckedContinuation { continuation in
      takeOrWait(continuation)
    }
  }

  /// Lets waiting threads go and drops what comes from now on: nobody reads any more. Returns what was not read.
  func close() -> [DriverEvent] {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    let unread = events
    events = []
    unreadBytes = 0
    condition.broadcast()
    return unread
  }

  /// Lets workers wait, or go on: whether what they have said is more than the store keeps up with.
  func hold(_ holds: Bool) {
    condition.lock()
    defer { condition.unlock() }
    guard holds != isHeld else { return }
    isHeld = holds
    if !holds { condition.broadcast() }
  }

  /// Called with the lock held; gives it up.
  private func add(_ event: DriverEvent) {
    if isClosed {
      condition.unlock()
    } else if let waiting = reader {
      reader = nil
      condition.unlock()
      waiting.resume(returning: [event])
    } else {
      events.append(event)
      unreadBytes += event.approximateBytes
      condition.unlock()
    }
  }

  private func takeOrWait(_ continuation: CheckedContinuation<[DriverEvent], Never>) {
    condition.lock()
    if events.isEmpty {
      reader = continuation
      condition.unlock()
    } else {
      let taken = events
      events = []
      unreadBytes = 0
      condition.broadcast()
      condition.unlock()
      continuation.resume(returning: taken)
    }
  }
}
