import Foundation
package import JobModel
package import Store
package import WorkerPool

/// Everything that runs need, on one state directory: the store, the worker pool, the plugins. One engine a directory; the
/// store's lock sees to it.
package actor Engine {
  package nonisolated let paths: EnginePaths
  package nonisolated let store: SQLiteStore
  package nonisolated let catalog: PluginCatalog
  package nonisolated let pool: WorkerPool
  package nonisolated let meters = Meters()
  private nonisolated let time: any TimeSource
  /// Specs whose configuration the plugin has accepted, and what it said of itself.
  private var accepted: [WorkerSpec: PluginManifest] = [:]

  private init(paths: EnginePaths, store: SQLiteStore, time: any TimeSource) {
    self.paths = paths
    self.store = store
    self.time = time
    catalog = PluginCatalog(folders: paths.plugins)
    pool = WorkerPool(hostPath: paths.host, time: time)
  }

  /// Opens the state directory, making it when it is not there. Throws `store` with the store's own error as the cause: another
  /// process has it, it is damaged, or it was written by a newer version.
  package static func open(
    _ paths: EnginePaths, time: any TimeSource = SystemTimeSource()
  ) async throws(EngineError) -> Engine {
    let store: SQLiteStore
    do throws(StoreError) {
      store = try SQLiteStore.open(directory: paths.state, mode: .engine)
    } catch {
      throw EngineError(error)
    }
    for folder in ["logs", "artifacts", "control"] { try Self.makeFolder("\(paths.state)/\(folder)") }
    return Engine(paths: paths, store: store, time: time)
  }

  /// Records a new run of a job. It does nothing until it is driven. Throws `plugin` when the plugin cannot be loaded and
  /// `config` when it does not accept the configuration.
  package func begin(_ job: JobDefinition, _ options: RunOptions) async throws(EngineError) -> ActiveRun {
    let worker = try await prepare(job)
    let now = time.now()
    var generator = SystemRandomNumberGenerator()
    let run = NewRun(
      id: RunID(start: now, using: &generator), job: job, trigger: options.trigger, event: options.event,
      isPlan: options.isPlan, onlyKeys: options.onlyKeys, createdAt: now)
    let record: RunRecord
    do throws(StoreError) { record = try await store.createRun(run) } catch { throw EngineError(error) }
    return try activate(record, worker)
  }

  /// Takes up a run that was stopped, that an engine left behind when it died, or that failed. Throws `state` when the run has
  /// ended otherwise.
  package func resume(_ record: RunRecord) async throws(EngineError) -> ActiveRun {
    guard !record.state.isFinal || record.state.allows(.queued) else {
      throw EngineError(.state, "run \(record.id) is \(record.state.name): there is nothing to resume")
    }
    let worker = try await prepare(record.job)
    return try activate(record, worker)
  }

  /// What the plugin says of a job's configuration, and the plugin's manifest.
  package func check(_ job: JobDefinition) async throws(EngineError) -> (manifest: PluginManifest, findings: [PluginDiagnostic])
  {
    let (spec, redaction) = try spec(job)
    return try await check(spec, redaction, timeout: job.timeouts.load)
  }

  /// Ends idle workers and closes the store. Runs must have ended.
  package func close() async throws(EngineError) {
    await pool.shutDown()
    do throws(StoreError) { try await store.close() } catch { throw EngineError(error) }
  }

  // MARK: Parts

  private func activate(
    _ record: RunRecord, _ worker: Prepared
  ) throws(EngineError) -> ActiveRun {
    try Self.makeFolder(paths.artifacts(of: record.id))
    unlink(paths.cancelRequest(of: record.id))  // one that was meant for an earlier engine has had its time
    let context = RunContext(
      record: record, paths: paths, store: store, pool: pool, meters: meters, time: time, spec: worker.spec,
      manifest: worker.manifest, redaction: worker.redaction)
    return ActiveRun(id: record.id, number: record.number, driver: RunDriver(context))
  }

  /// The worker that a job needs.
  private struct Prepared {
    var spec: WorkerSpec
    var manifest: PluginManifest
    var redaction: Redaction
  }

  /// The plugin checks a configuration the first time it is used.
  private func prepare(_ job: JobDefinition) async throws(EngineError) -> Prepared {
    let (spec, redaction) = try spec(job)
    if let manifest = accepted[spec] { return Prepared(spec: spec, manifest: manifest, redaction: redaction) }
    let (manifest, findings) = try await check(spec, redaction, timeout: job.timeouts.load)
    let errors = findings.filter(\.isError)
    guard errors.isEmpty else {
      let lines = errors.map { "\($0.pointer.isEmpty ? "config" : "config\($0.pointer)"): \($0.message)" }
      throw EngineError(
        .config, "plugin \(manifest.id) does not accept the configuration of \(job.name): \(lines.joined(separator: "; "))")
    }
    // What a replaced library made is not asked for again.
    accepted = accepted.filter { $0.key.job != spec.job || $0.key.pluginFile == spec.pluginFile }
    if accepted.count >= 10_000 { accepted = [:] }
    accepted[spec] = manifest
    return Prepared(spec: spec, manifest: manifest, redaction: redaction)
  }

  private func check(
    _ spec: WorkerSpec, _ redaction: Redaction, timeout: Duration
  ) async throws(EngineError) -> (manifest: PluginManifest, findings: [PluginDiagnostic]) {
    do throws(WorkerPoolError) {
      let result = try await pool.check(pluginPath: spec.pluginPath, configs: [spec.config], timeout: timeout)
      let findings = (result.diagnostics.first ?? []).map {
        PluginDiagnostic(isError: $0.isError, pointer: $0.pointer, message: redaction.struck($0.message))
      }
      return (result.manifest, findings)
    } catch {
      throw EngineError(redaction.struck(error))
    }
  }

  /// What makes the job's workers: with secrets in the configuration, so that a changed one makes new workers.
  private func spec(_ job: JobDefinition) throws(EngineError) -> (WorkerSpec, Redaction) {
    let path: String
    do throws(WorkerPoolError) { path = try catalog.resolve(job.plugin) } catch { throw EngineError(error) }
    guard let file = FileIdentity(path: path) else { throw EngineError(.plugin, "\(path): the plugin's library is gone") }
    var references = SecretReferences(folder: SecretFolder(path: paths.secrets), job: job.name)
    let resolved = try references.resolve(job.config)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let config: [UInt8]
    do { config = [UInt8](try encoder.encode(resolved)) } catch {
      throw EngineError(.config, "the configuration of \(job.name) cannot be written as JSON")
    }
    let spec = WorkerSpec(pluginPath: path, pluginFile: file, job: job.name, config: config, limits: job.limits)
    return (spec, references.redaction)
  }

  private static func makeFolder(_ path: String) throws(EngineError) {
    guard mkdir(path, 0o700) != 0, errno != EEXIST else { return }
    throw EngineError(.io, "cannot make the folder \(path): \(String(cString: strerror(errno)))")
  }
}
