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
  /// What the reader has taken and still holds.
  private var heldBytes = 0
  private var reader: CheckedContinuation<[DriverEvent], Never>?
  private var isClosed = false

  private static let maxEvents = 4_096
  private static let maxBytes = 8 * 1024 * 1024

  /// Adds an event of a worker; waits while the mailbox is full. For worker threads only.
  func deliver(_ event: DriverEvent) {
    condition.lock()
    while !isClosed && (events.count >= Self.maxEvents || unreadBytes + heldBytes >= Self.maxBytes) { condition.wait() }
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

  /// Counts what the reader holds of what it took, as it waits for the store: as long as that is much, workers wait too.
  func hold(_ bytes: Int) {
    condition.lock()
    if bytes < heldBytes { condition.broadcast() }
    heldBytes = bytes
    condition.unlock()
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
