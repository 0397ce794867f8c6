package import JobModel
import Synchronization

/// Starts workers and keeps idle ones warm for the next run of the same job.
package actor WorkerPool {
  private let hostPath: String
  let time: any TimeSource
  var idle: [WorkerSpec: [Worker]] = [:]
  /// Workers that somebody has, by pid; ones that ended are left out when it is looked at.
  var lent: [Int32: Worker] = [:]
  /// Idle workers kept at most, over all specs.
  private let idleLimit: Int

  /// - Parameter hostPath: where `carillon-host` is, absolute.
  package init(hostPath: String, time: any TimeSource, idleLimit: Int = 16) {
    self.hostPath = hostPath
    self.time = time
    self.idleLimit = idleLimit
  }

  /// A worker for the spec: an idle one, or a new one, ready within `timeout`. Its events go to `listener` from the first on.
  package func obtain(
    _ spec: WorkerSpec, timeout: Duration, listener: @escaping WorkerProcess.Delivery
  ) async throws(WorkerPoolError) -> Worker {
    while let worker = idle[spec]?.popLast() {
      if idle[spec]?.isEmpty == true { idle[spec] = nil }
      guard !worker.hasEnded else { continue }
      worker.attach(listener)
      lent[worker.pid] = worker
      return worker
    }
    let start = HostStart(hostPath: hostPath, time: time, timeout: timeout)
    let worker = try await start.worker(spec, listener: listener)
    lent = lent.filter { !$0.value.hasEnded }
    lent[worker.pid] = worker
    return worker
  }

  /// Gives a worker back: no item is open in it and no call under way. It is kept warm when there is room.
  package func giveBack(_ worker: Worker) {
    worker.attach { _ in }
    lent[worker.pid] = nil
    guard !worker.hasEnded else { return }
    let count = idle.values.reduce(0) { $0 + $1.count }
    guard count < idleLimit else {
      let time = time
      Task { await worker.end(grace: .seconds(5), time: time) }
      return
    }
    idle[worker.spec, default: []].append(worker)
  }

  /// Loads a plugin only to read its manifest.
  package func describe(pluginPath: String, timeout: Duration = .seconds(30)) async throws(WorkerPoolError) -> PluginManifest {
    let start = HostStart(hostPath: hostPath, time: time, timeout: timeout)
    return try await start.inspection(of: pluginPath, configs: []).manifest
  }

  /// Loads a plugin and lets it check configurations, each by itself.
  package func check(
    pluginPath: String, configs: [[UInt8]], timeout: Duration = .seconds(30)
  ) async throws(WorkerPoolError) -> (manifest: PluginManifest, diagnostics: [[PluginDiagnostic]]) {
    let start = HostStart(hostPath: hostPath, time: time, timeout: timeout)
    return try await start.inspection(of: pluginPath, configs: configs)
  }

  /// Ends all idle workers, by word and, after `grace`, by SIGKILL. Returns when every one of them has ended.
  package func shutDown(grace: Duration = .seconds(5)) async {
    let workers = idle.values.flatMap { $0 }
    idle = [:]
    await withTaskGroup(of: Void.self) { group in
      for worker in workers {
        group.addTask { [time] in
          await worker.end(grace: grace, time: time)
        }
      }
    }
  }
}

extension Worker {
  /// Ends it by word and, after `grace`, by SIGKILL; returns when it has ended. Its events go nowhere from here on.
  package func end(grace: Duration, time: any TimeSource) async {
    let (ended, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
    attach { event in
      if case .ended = event {
        continuation.yield()
        continuation.finish()
      }
    }
    shutDown()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          try await time.sleep(for: grace)
          self.kill()
        } catch {}  // cancelled: it ended by itself
      }
      for await _ in ended { break }
      group.cancelAll()
    }
  }
}
