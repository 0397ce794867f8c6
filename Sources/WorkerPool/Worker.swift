import JobModel
import Synchronization

/// A worker that is ready for items: a host with its plugin loaded and an instance made.
package final class Worker: Sendable {
  package let spec: WorkerSpec
  package let manifest: PluginManifest
  package let hasFinish: Bool
  /// When it became ready, on the monotonic clock.
  package let readyAt: Duration
  private let process: WorkerProcess
  private let router: WorkerRouter

  init(
    spec: WorkerSpec, manifest: PluginManifest, hasFinish: Bool, readyAt: Duration, process: WorkerProcess, router: WorkerRouter
  ) {
    self.spec = spec
    self.manifest = manifest
    self.hasFinish = hasFinish
    self.readyAt = readyAt
    self.process = process
    self.router = router
  }

  package var pid: Int32 { process.pid }

  /// Sends its events to another listener from now on. When it has ended already, `ended` is delivered at once.
  package func attach(_ listener: @escaping WorkerProcess.Delivery) { router.attach(listener) }

  package func send(_ build: (inout FrameWriter) -> Void) { process.send(build) }

  /// Ends it at once; `ended` follows.
  package func kill() { process.kill() }

  /// Asks it to end by itself.
  package func shutDown() { process.send { $0.shutdown() } }

  package var hasEnded: Bool { router.hasEnded }

  /// What it uses now; nil when it has ended.
  package func usage() -> ProcessUsage? { ProcessUsage(pid: process.pid) }
}

/// Takes a worker's events to whoever listens at the time.
final class WorkerRouter: Sendable {
  private struct State {
    var listener: WorkerProcess.Delivery
    var end: WorkerEnd?
  }
  private let state: Mutex<State>

  init(_ listener: @escaping WorkerProcess.Delivery) { state = Mutex(State(listener: listener)) }

  var hasEnded: Bool { state.withLock { $0.end != nil } }

  func attach(_ listener: @escaping WorkerProcess.Delivery) {
    let end = state.withLock { state in
      state.listener = listener
      return state.end
    }
    if let end { listener(.ended(end)) }
  }

  func deliver(_ event: WorkerEvent) {
    let listener = state.withLock { state in
      if case .ended(let end) = event { state.end = end }
      return state.listener
    }
    listener(event)
  }
}
