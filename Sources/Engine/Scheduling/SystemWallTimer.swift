import CLinuxTime
import Dispatch
package import JobModel
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// A `WallTimer` of the system: timerfd_create(2) on CLOCK_REALTIME with TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET. Costs no
/// thread and nothing at all while it waits. A machine that wakes from suspend finds it expired.
package final class SystemWallTimer: WallTimer {
  /// A waiting task gets nil when it is cancelled.
  private typealias Waiter = CheckedContinuation<WallTimerEnd?, Never>

  private struct State {
    var timer: Timer?
    var waiter: Waiter?
    var isWoken = false
    /// Nobody waited when the clock was set.
    var missedSet = false
  }

  private let state = Mutex(State())

  package init() {}

  package func wait(until: Timestamp?) async throws -> WallTimerEnd {
    // Far off, so that the clock's being set is noticed anyway.
    try arm(until ?? Timestamp(seconds: 32_503_680_000))
    let end = await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        let already: WallTimerEnd?? = state.withLock {
          if Task.isCancelled { return .some(nil) }
          if $0.isWoken || $0.missedSet {
            let end: WallTimerEnd = $0.missedSet ? .clockSet : .woken
            $0.isWoken = false
            $0.missedSet = false
            return .some(end)
          }
          $0.waiter = waiter
          return nil
        }
        if let already { waiter.resume(returning: already) }
      }
    } onCancel: {
      finish(nil)
    }
    guard let end else { throw CancellationError() }
    return end
  }

  package func wake() {
    let waiter = state.withLock {
      if $0.waiter == nil { $0.isWoken = true }
      return $0.waiter.take()
    }
    waiter?.resume(returning: .woken)
  }

  private func arm(_ until: Timestamp) throws(EngineError) {
    let timer = try state.withLock { (state) throws(EngineError) in
      if let timer = state.timer { return timer }
      let timer = try Timer { [weak self] in self?.rang($0) }
      state.timer = timer
      return timer
    }
    switch carillon_wall_timer_arm(timer.descriptor, until.microseconds) {
    case 0: break
    case 1: state.withLock { $0.missedSet = true }
    default: throw Timer.error("timerfd_settime")
    }
  }

  private func rang(_ end: WallTimerEnd) {
    let waiter = state.withLock {
      // It may ring before the one that armed it waits.
      if $0.waiter == nil { if end == .clockSet { $0.missedSet = true } else { $0.isWoken = true } }
      return $0.waiter.take()
    }
    waiter?.resume(returning: end)
  }

  private func finish(_ end: WallTimerEnd?) { state.withLock { $0.waiter.take() }?.resume(returning: end) }
}

/// A timer's descriptor, watched.
private final class Timer: Sendable {
  let descriptor: Int32
  // Sources may be used from any thread; the module does not say so.
  private nonisolated(unsafe) let source: any DispatchSourceRead

  init(_ rang: @escaping @Sendable (WallTimerEnd) -> Void) throws(EngineError) {
    let descriptor = carillon_wall_timer_create()
    guard descriptor >= 0 else { throw Self.error("timerfd_create") }
    self.descriptor = descriptor
    source = DispatchSource.makeReadSource(
      fileDescriptor: descriptor, queue: DispatchQueue(label: "carillon.timer", qos: .userInteractive))
    source.setEventHandler {
      switch carillon_wall_timer_read(descriptor) {
      case 1: rang(.reached)
      case 2: rang(.clockSet)
      default: break
      }
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
  }

  deinit { source.cancel() }

  static func error(_ call: String) -> EngineError {
    EngineError(.io, "\(call): \(String(cString: strerror(errno)))")
  }
}
