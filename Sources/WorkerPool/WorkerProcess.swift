import CCarillonFrames
import CLinuxProcess
import JobModel
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// One host process and the thread that speaks to it. The thread starts it, reads and writes its socket, reads its output,
/// pings it, and reaps it; it lives exactly as long as the process, which is what PR_SET_PDEATHSIG asks for.
///
/// Events are delivered on that thread, in order, the last one being `ended`. Delivery may block: the process then finds its
/// socket full, so what is unread is bounded by the kernel's buffers and one frame.
package final class WorkerProcess: Sendable {
  package typealias Delivery = @Sendable (WorkerEvent) -> Void

  /// How often a host is asked whether it lives, and how long it may take to answer. Time in which the listener kept us from
  /// hearing it, or the machine slept, does not count.
  package struct Liveness: Sendable {
    package var interval: Duration = .seconds(5)
    package var patience: Duration = .seconds(15)
    package init() {}
  }

  /// The process id: positive from the start to the end, and never used after `ended` was delivered.
  package let pid: Int32
  private let wakeDescriptor: Int32
  private let outbox = Mutex(Outbox())
  private let listener: Delivery

  private struct Outbox: ~Copyable {
    var bytes: [UInt8] = []
    /// Nothing is sent any more: the process is gone or going.
    var isClosed = false
    var wantsKill = false
  }

  /// What may wait to be written. More means a worker that asks without reading the answers.
  private static let maxOutboxBytes = 64 * 1024 * 1024

  private init(pid: Int32, wakeDescriptor: Int32, deliver: @escaping Delivery) {
    self.pid = pid
    self.wakeDescriptor = wakeDescriptor
    listener = deliver
  }

  deinit { close(wakeDescriptor) }

  /// Starts a host. Throws `spawn` when the program is not there or the system refuses.
  package static func start(
    hostPath: String, liveness: Liveness = Liveness(), deliver: @escaping Delivery
  ) async throws(WorkerPoolError) -> WorkerProcess {
    let outcome: Result<WorkerProcess, WorkerPoolError> = await withCheckedContinuation { continuation in
      let failure = WorkerThread.start(named: "carillon-worker") {
        do throws(WorkerPoolError) {
          // First what costs nothing to give back: a host that could not be woken would never be started.
          let wake = carillon_eventfd()
          guard wake >= 0 else {
            throw WorkerPoolError(.spawn, "cannot start \(hostPath): eventfd: \(String(cString: strerror(errno)))")
          }
          let channels: HostChannels
          do throws(WorkerPoolError) { channels = try HostChannels.spawn(hostPath: hostPath) } catch {
            close(wake)
            throw error
          }
          let worker = WorkerProcess(pid: channels.pid, wakeDescriptor: wake, deliver: deliver)
          continuation.resume(returning: .success(worker))
          var loop = WorkerLoop(worker: worker, channels: channels, liveness: liveness)
          loop.run()
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
      guard failure != 0 else { return }
      let words = String(cString: strerror(failure))
      continuation.resume(returning: .failure(WorkerPoolError(.spawn, "cannot start \(hostPath): no thread: \(words)")))
    }
    return try outcome.get()
  }

  /// Queues frames; they are written as fast as the process reads them. Frames to a process that has ended are dropped: its
  /// `ended` event tells.
  package func send(_ build: (inout FrameWriter) -> Void) {
    var writer = FrameWriter()
    build(&writer)
    let bytes = writer.bytes
    outbox.withLock { box in
      guard !box.isClosed else { return }
      if box.bytes.isEmpty { box.bytes = bytes } else { box.bytes.append(contentsOf: bytes) }
      if box.bytes.count > Self.maxOutboxBytes { box.wantsKill = true }
    }
    wake()
  }

  /// Kills the process and everything in its group, at once.
  package func kill() {
    outbox.withLock { $0.wantsKill = true }
    wake()
  }

  private func wake() {
    var one: UInt64 = 1
    _ = write(wakeDescriptor, &one, 8)  // full only when a wake-up is pending already
  }

  // MARK: For the loop

  func deliver(_ event: WorkerEvent) { listener(event) }

  func drainWake() {
    var count: UInt64 = 0
    _ = read(wakeDescriptor, &count, 8)  // empty only when nobody called
  }

  var wakeFileDescriptor: Int32 { wakeDescriptor }

  /// What is queued, taken away.
  func takeOutgoing() -> [UInt8] {
    outbox.withLock { box in
      let bytes = box.bytes
      box.bytes = []
      return bytes
    }
  }

  var wantsKill: Bool { outbox.withLock { $0.wantsKill } }

  func closeOutbox() {
    outbox.withLock { box in
      box.isClosed = true
      box.bytes = []
    }
  }
}
