import Dispatch
import Foundation
import Synchronization

/// SIGINT, SIGTERM and SIGHUP while a run is under way: the first asks it to stop, the second to stop at once. From the third
/// on they do what they always do.
final class StopSignals: Sendable {
  private let sources: Mutex<[any DispatchSourceSignal]>
  private let received = Mutex(0)

  /// - Parameter action: called with 1 for the first signal, 2 for the second.
  init(_ action: @escaping @Sendable (Int) -> Void) {
    sources = Mutex([])
    let queue = DispatchQueue(label: "carillon.signals")
    let made = [SIGINT, SIGTERM, SIGHUP].map { number in
      signal(number, SIG_IGN)  // its default would end the program before the source hears of it
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [weak self] in
        guard let self else { return }
        let count = self.received.withLock {
          $0 += 1
          return $0
        }
        if count <= 2 { action(count) }
        if count == 2 { for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) } }
      }
      source.resume()
      return source as any DispatchSourceSignal
    }
    sources.withLock { $0 = made }
  }

  /// Gives the signals back their defaults.
  func end() {
    sources.withLock { sources in
      for source in sources { source.cancel() }
      sources = []
    }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_DFL) }
  }
}
