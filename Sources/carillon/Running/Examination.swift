import Engine
import Foundation
import JobFiles
import JobModel
import Store
import WorkerPool

/// The checks of `carillon doctor`.
struct Examination {
  enum Result: String {
    case ok, warning, failed

    var label: String {
      switch self {
      case .ok: "ok  "
      case .warning: "warn"
      case .failed: "FAIL"
      }
    }
  }

  struct Finding {
    var check: String
    var result: Result
    var message: String
    /// What the program ends with when this is the first failure.
    var status = ExitStatus.success
  }

  let installation: Installation

  func all() async -> [Finding] {
    [Finding(check: "program", result: .ok, message: "carillon \(Version.text) in \(installation.programFolder)")]
      + stateFolder() + diskSpace() + (await store()) + (await leftovers()) + (await plugins()) + jobs()
  }

  private func stateFolder() -> [Finding] {
    let path = installation.paths.state
    var status = stat()
    guard stat(path, &status) == 0 else {
      return errno == ENOENT
        ? [Finding(check: "state", result: .ok, message: "\(path) is not there yet; the first run makes it")]
        : [
          Finding(
            check: "state", result: .failed, message: "\(path): \(String(cString: strerror(errno)))", status: .notPermitted)
        ]
    }
    var findings: [Finding] = []
    if status.st_mode & S_IFMT != S_IFDIR {
      return [Finding(check: "state", result: .failed, message: "\(path) is no folder", status: .cannotCreate)]
    }
    if access(path, R_OK | W_OK | X_OK) != 0 {
      findings.append(
        Finding(
          check: "state", result: .failed, message: "\(path) cannot be read and written by this user", status: .notPermitted))
    }
    if status.st_mode & 0o077 != 0 {
      let mode = String(status.st_mode & 0o777, radix: 8)
      findings.append(
        Finding(check: "state", result: .warning, message: "\(path) is open to other users (mode \(mode)): chmod 700 \(path)"))
    }
    return findings.isEmpty ? [Finding(check: "state", result: .ok, message: path)] : findings
  }

  private func diskSpace() -> [Finding] {
    var path = installation.paths.state
    while access(path, F_OK) != 0, path != "/" { path = Installation.parent(of: path) }
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return [] }
    let free = Int64(status.f_bavail) * Int64(status.f_frsize)
    let message = "\(SizeText.format(free)) free under \(path)"
    return [Finding(check: "disk", result: free < 256 << 20 ? .warning : .ok, message: message)]
  }

  private func store() async -> [Finding] {
    let holder = LockHolder.pid(of: "\(installation.paths.state)/lock")
    let lock = Finding(
      check: "lock", result: .ok, message: holder.map { "carillon with pid \($0) is at work" } ?? "free: nothing runs")
    do throws(StoreError) {
      let store = try SQLiteStore.open(directory: installation.paths.state, mode: .reader)
      try await store.integrityCheck()
      let size = store.statistics()
      try await store.close()
      let message =
        "whole; \(SizeText.format(Int64(size.fileBytes))), WAL \(SizeText.format(Int64(size.walBytes)))"
      return [lock, Finding(check: "store", result: .ok, message: message)]
    } catch  where error.code == .notFound {
      return [lock, Finding(check: "store", result: .ok, message: "empty: nothing has been run yet")]
    } catch {
      return [lock, Finding(check: "store", result: .failed, message: error.message, status: .storage)]
    }
  }

  /// Runs that look as if they went on though nothing runs.
  private func leftovers() async -> [Finding] {
    guard LockHolder.pid(of: "\(installation.paths.state)/lock") == nil else { return [] }
    do throws(StoreError) {
      let store = try SQLiteStore.open(directory: installation.paths.state, mode: .reader)
      let runs = try await store.runs(RunQuery(states: RunState.allCases.filter { !$0.isFinal }, limit: 100))
      try await store.close()
      return runs.map { run in
        let what = run.state == .queued ? "was stopped" : "was left behind in state \(run.state.name)"
        return Finding(
          check: "runs", result: .warning, message: "\(run.id) of \(run.job.name) \(what): carillon resume \(run.id)")
      }
    } catch {
      return []  // the store's own check has said why
    }
  }

  private func plugins() async -> [Finding] {
    let host = installation.paths.host
    guard access(host, X_OK) == 0 else {
      return [
        Finding(check: "host", result: .failed, message: "\(host) is not there, or not executable", status: .pluginUnavailable)
      ]
    }
    var findings = [Finding(check: "host", result: .ok, message: host)]
    for folder in installation.paths.plugins where access(folder, F_OK) == 0 {
      var status = stat()
      guard stat(folder, &status) == 0 else { continue }
      if status.st_mode & 0o022 != 0 || (status.st_uid != 0 && status.st_uid != geteuid()) {
        findings.append(
          Finding(
            check: "plugins", result: .failed, message: "\(folder) can be written by other users: no plugin is loaded from it",
            status: .notPermitted))
      }
    }
    let pool = WorkerPool(hostPath: host, time: SystemTimeSource())
    let entries = PluginCatalog(folders: installation.paths.plugins).entries()
    if entries.isEmpty {
      findings.append(
        Finding(
          check: "plugins", result: .warning, message: "none in \(installation.paths.plugins.joined(separator: ", "))"))
    }
    for entry in entries {
      do throws(WorkerPoolError) {
        let manifest = try await pool.describe(pluginPath: entry.path)
        findings.append(Finding(check: "plugin", result: .ok, message: "\(manifest.id) \(manifest.version) in \(entry.path)"))
      } catch {
        findings.append(Finding(check: "plugin", result: .failed, message: error.message, status: .pluginUnavailable))
      }
    }
    return findings
  }

  private func jobs() -> [Finding] {
    do throws(JobFileError) {
      let folder = try JobFolder.load(installation.jobsFolder)
      guard folder.findings.isEmpty else {
        return [
          Finding(
            check: "jobs", result: .failed,
            message: "\(Words.count(folder.findings.count, "error")) in \(installation.jobsFolder): carillon jobs check",
            status: .invalidData)
        ]
      }
      return [
        Finding(check: "jobs", result: .ok, message: "\(Words.count(folder.jobs.count, "job")) in \(installation.jobsFolder)")
      ]
    } catch {
      return [Finding(check: "jobs", result: .warning, message: error.message)]
    }
  }
}
