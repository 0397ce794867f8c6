import Foundation
import JobModel
import Synchronization
import Testing
import WorkerPool

@testable import Engine

/// Order, and the bound that holds a flooding worker where it is.
struct MailboxTests {
  private static func number(of event: DriverEvent) -> Int? {
    if case .worker(_, .log(_, _, let message)) = event { Int(message) } else { nil }
  }

  private static func log(_ number: Int) -> DriverEvent {
    .worker(SlotID(raw: 1), .log(item: nil, level: .info, message: "\(number)"))
  }

  /// Delivers on a thread of its own, as workers do; `delivered` counts.
  private static func flood(
    _ mailbox: Mailbox, _ events: Int, delivered: Counter, _ event: @escaping @Sendable (Int) -> DriverEvent
  ) {
    Thread.detachNewThread {
      for number in 0..<events {
        mailbox.deliver(event(number))
        delivered.add()
      }
    }
  }

  @Test func everythingArrivesInOrder() async {
    let mailbox = Mailbox()
    let delivered = Counter()
    Self.flood(mailbox, 50_000, delivered: delivered, Self.log)
    var seen: [Int] = []
    while seen.count < 50_000 { seen += await mailbox.take().compactMap(Self.number) }
    #expect(seen == Array(0..<50_000))
  }

  @Test func aFullMailboxHoldsItsWriterAndNobodyElse() async {
    let mailbox = Mailbox()
    let delivered = Counter()
    Self.flood(mailbox, 10_000, delivered: delivered, Self.log)
    #expect(await Wait.until { delivered.value == 4_096 })
    mailbox.post(.cancel(reason: "a person"))
    var seen = await mailbox.take()
    #expect(seen.count == 4_097, "more than its bound was taken in")
    if case .cancel = seen.last { seen.removeLast() } else { Issue.record("a person's word waits behind a flood") }
    while seen.count < 10_000 { seen += await mailbox.take() }
    #expect(seen.compactMap(Self.number) == Array(0..<10_000))
  }

  @Test func bytesAreBoundedToo() async {
    let mailbox = Mailbox()
    let delivered = Counter()
    let items = NewItems(bytes: [UInt8](repeating: 1, count: 1 << 20))
    Self.flood(mailbox, 20, delivered: delivered) { _ in .worker(SlotID(raw: 1), .items(items, parent: nil)) }
    #expect(await Wait.until { delivered.value == 8 })
    var seen = 0
    while seen < 20 { seen += await mailbox.take().count }
    #expect(delivered.value >= 19)
  }

  @Test func whatTheReaderHoldsCountsAsWell() async {
    let mailbox = Mailbox()
    mailbox.hold(8 << 20)
    let delivered = Counter()
    Self.flood(mailbox, 3, delivered: delivered, Self.log)
    mailbox.post(.cancel(reason: "a person"))
    var seen = await mailbox.take()
    #expect(seen.count == 1 && delivered.value == 0)
    mailbox.hold(0)
    seen = []
    while seen.count < 3 { seen += await mailbox.take() }
    #expect(seen.compactMap(Self.number) == [0, 1, 2])
  }

  @Test func aClosedMailboxLetsEverybodyGo() async {
    let mailbox = Mailbox()
    let delivered = Counter()
    Self.flood(mailbox, 10_000, delivered: delivered, Self.log)
    #expect(await Wait.until { delivered.value == 4_096 })
    _ = mailbox.close()
    #expect(await Wait.until { delivered.value == 10_000 })
  }
}

/// A count that several threads may add to.
final class Counter: Sendable {
  private let count = Mutex(0)
  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}

/// Looks again and again, up to a deadline that only a broken program reaches.
enum Wait {
  static func until(_ limit: Duration = .seconds(30), _ isSo: () throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while try !isSo() {
      guard ContinuousClock.now < deadline else { return false }
      do { try await Task.sleep(for: .milliseconds(2)) } catch { return false }
    }
    return true
  }
}
