import CCarillonFrames
import JobModel
import Synchronization

/// Starts one host and takes it through the beginning of the conversation.
struct HostStart {
  let hostPath: String
  let time: any TimeSource
  let timeout: Duration

  /// A worker with an instance made.
  func worker(_ spec: WorkerSpec, listener: @escaping WorkerProcess.Delivery) async throws(WorkerPoolError) -> Worker {
    let conversation = Conversation(passing: listener)
    return try await withHost(conversation) { (process) async throws(WorkerPoolError) in
      let plugin = try await load(spec.pluginPath, spec.limits, process, conversation)
      let manifest = try PluginManifest.parse(plugin.manifestJSON, of: spec.pluginPath)
      process.send { $0.create(config: spec.config, job: spec.job) }
      guard case .created(let result) = try await conversation.next(of: spec.pluginPath) else {
        throw conversation.unexpected(spec.pluginPath)
      }
      if case .failed(let message) = result {
        throw WorkerPoolError(.create, "plugin \(manifest.id) could not start: \(message)")
      }
      conversation.router.attach(listener)
      return Worker(
        spec: spec, manifest: manifest, hasFinish: plugin.hasFinish, readyAt: time.uptime(), process: process,
        router: conversation.router)
    }
  }

  /// The manifest, and what the plugin says of each configuration. The host has ended when this returns.
  func inspection(
    of path: String, configs: [[UInt8]]
  ) async throws(WorkerPoolError) -> (manifest: PluginManifest, diagnostics: [[PluginDiagnostic]]) {
    let conversation = Conversation(passing: { _ in })
    return try await withHost(conversation) { (process) async throws(WorkerPoolError) in
      let plugin = try await load(path, WorkerLimits(), process, conversation)
      let manifest = try PluginManifest.parse(plugin.manifestJSON, of: path)
      var findings: [[PluginDiagnostic]] = []
      for config in configs {
        process.send { $0.check(config: config) }
        var found: [PluginDiagnostic] = []
        checking: while true {
          switch try await conversation.next(of: path) {
          case .diagnostic(let diagnostic): found.append(diagnostic)
          case .checked(let isValid):
            if !isValid && !found.contains(where: \.isError) {
              found.append(
                PluginDiagnostic(isError: true, pointer: "", message: "the plugin refused the configuration without a reason"))
            }
            break checking
          default: throw conversation.unexpected(path)
          }
        }
        findings.append(found)
      }
      process.send { $0.shutdown() }
      await conversation.drain()
      return (manifest, findings)
    }
  }

  /// Starts the host, kills it when `body` takes too long or fails.
  private func withHost<Value>(
    _ conversation: Conversation, _ body: (WorkerProcess) async throws(WorkerPoolError) -> Value
  ) async throws(WorkerPoolError) -> Value {
    let process = try await WorkerProcess.start(hostPath: hostPath, deliver: conversation.deliver)
    async let _: Void = kill(process, conversation)
    do throws(WorkerPoolError) {
      return try await body(process)
    } catch {
      process.kill()
      await conversation.drain()
      throw error
    }
  }

  private func kill(_ process: WorkerProcess, _ conversation: Conversation) async {
    do {
      try await time.sleep(for: timeout)
      conversation.timeOut(after: timeout)
      process.kill()
    } catch {}  // cancelled: it was ready in time
  }

  private func load(
    _ path: String, _ limits: WorkerLimits, _ process: WorkerProcess, _ conversation: Conversation
  ) async throws(WorkerPoolError) -> LoadedPlugin {
    guard case .hello(let version) = try await conversation.next(of: hostPath), version == CARILLON_FRAMES_VERSION else {
      throw WorkerPoolError(.spawn, "\(hostPath) is not of this version of Carillon; install both from one build")
    }
    process.send {
      $0.load(
        path: path, memoryBytes: UInt64(limits.addressSpaceMiB) << 20, descriptors: UInt32(clamping: limits.descriptors),
        allowsNewPrivileges: limits.allowsNewPrivileges)
    }
    switch try await conversation.next(of: path) {
    case .loaded(let plugin): return plugin
    case .refused(_, let message): throw WorkerPoolError(.refused, message)
    default: throw conversation.unexpected(path)
    }
  }
}
