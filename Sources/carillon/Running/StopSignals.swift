import Dispatch
import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGHUP while a run is under way: the first asks it to stop, the second to stop at once. From the third
/// on they do what they always do. A SIGHUP that the caller had ignored, as nohup(1) does, stays ignored.
// @unchecked: the sources are libdispatch's own objects, safe from any thread, and the array never changes.
final class StopSignals: @unchecked Sendable {
  private let numbers: [Int32]
  private let sources: [any DispatchSourceSignal]

  /// - Parameter action: called with 1 for the first signal, 2 for the second, one at a time.
  init(_ action: @escaping @Sendable (Int) -> Void) {
    let queue = DispatchQueue(label: "carillon.signals")
    let counter = Counter()
    let numbers = Self.isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
    self.numbers = numbers
    sources = numbers.map { number in
      signal(number, SIG_IGN)  // its default would end the program before the source hears of it
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        let count = counter.next()
        if count == 2 { Self.restoreDefaults(numbers) }
        if count <= 2 { action(count) }
      }
      source.resume()
      return source
    }
  }

  /// Gives the signals back their defaults.
  func end() {
    for source in sources { source.cancel() }
    Self.restoreDefaults(numbers)
  }

  private static func restoreDefaults(_ numbers: [Int32]) { for number in numbers { signal(number, SIG_DFL) } }

  /// Whether the signal was ignored when this program began.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    // Handlers are C functions, which Swift does not compare; SIG_IGN is the address 1.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }

  private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
      value.withLock {
        $0 += 1
        return $0
      }
    }
  }
}
