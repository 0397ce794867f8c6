package import ControlAPI
import Engine
import Foundation
import JobModel
import Store
import WorkerPool

extension DaemonControl {
  package func status() async throws(ControlError) -> StatusDocument {
    let active = await dispatcher.active()
    let store = store.statistics()
    var problems = phase.problems
    if let problem = scheduler.heartbeat.problem { problems.append("the instant ledger cannot be written: \(problem)") }
    if let failure = store.checkpointFailure { problems.append("the store's last checkpoint failed: \(failure.message)") }
    let state =
      switch phase.state {
      case .starting: "starting"
      case .draining: "draining"
      case .ready: problems.isEmpty ? "ready" : "degraded"
      }
    return StatusDocument(
      version: facts.version, pid: Int(getpid()), startedAt: facts.startedAt.iso8601, state: state, problems: problems,
      stateFolder: engine.paths.state, jobsFolder: source.folder, jobs: await scheduler.jobCount,
      pausedJobs: await scheduler.pauses.count, schedules: await scheduler.scheduleCount,
      nextDueAt: await scheduler.upcoming(job: nil, limit: 1).first?.key.dueAt.iso8601,
      activeRuns: active.map { RunProgressDocument(run: $0.run.id.text, job: $0.job, $0.run.progress) },
      queuedRuns: await dispatcher.waitingCount, workers: await workers(),
      store: StoreDocument(
        bytes: store.fileBytes, walBytes: store.walBytes, commits: store.commits,
        commitP50Ms: store.commitQuantile(0.5).inSeconds * 1_000, commitP99Ms: store.commitQuantile(0.99).inSeconds * 1_000))
  }

  private func workers() async -> [WorkerDocument] {
    await engine.pool.workers().map { worker, isIdle in
      WorkerDocument(pid: Int(worker.pid), job: worker.spec.job, plugin: worker.manifest.id, isIdle: isIdle)
    }.sorted { ($0.job, $0.pid) < ($1.job, $1.pid) }
  }

  package func reload() async throws(ControlError) -> ReloadDocument {
    await reloads.enter()
    let result: Result<ReloadDocument, ControlError>
    do throws(ControlError) {
      result = .success(try await reloadAlone())
    } catch {
      result = .failure(error)
    }
    await reloads.leave()
    return try result.get()
  }

  private func reloadAlone() async throws(ControlError) -> ReloadDocument {
    defer { FreedMemory.giveBack() }
    let changes: JobChanges
    let set: JobSet
    do throws(ControlError) {
      set = try await source.load()
      changes = try await inEngine { () throws(EngineError) in try await scheduler.replace(set.jobs) }
    } catch {
      phase.note("the job files were refused at the last reload, and the set before is in force: \(error.message)", of: "jobs")
      throw error
    }
    await source.adopt(set)
    phase.note(nil, of: "jobs")
    return ReloadDocument(
      jobs: set.jobs.count, added: changes.added.sorted(), changed: changes.changed.sorted(),
      removed: changes.removed.sorted())
  }

  package func reloadPlugins(_ plugin: String?) async throws(ControlError) -> PluginsReloadDocument {
    var path: String?
    if let plugin {
      do throws(WorkerPoolError) { path = try engine.catalog.resolve(plugin) } catch {
        throw ControlError(.notFound, error.message)
      }
    }
    let chosen = path
    let ended = await engine.pool.endIdle { chosen == nil || $0.spec.pluginPath == chosen }
    var draining = 0
    for run in await dispatcher.active() { draining += run.run.renewWorkers(ofPlugin: chosen) }
    return PluginsReloadDocument(ended: ended, draining: draining)
  }

  package func drain() async throws(ControlError) {
    phase.move(to: .draining)
    facts.drain()
  }
}
