import Engine
import JobFiles
import JobModel
import WorkerPool

/// Asks a job's plugin what it thinks of the configuration.
struct PluginCheck {
  let installation: Installation

  /// What the plugin finds, or that it cannot be asked, at the places in the job's file.
  func findings(of job: JobFile) async -> [JobFinding] {
    let catalog = PluginCatalog(folders: installation.paths.plugins)
    let pool = WorkerPool(hostPath: installation.paths.host, time: SystemTimeSource())
    do throws(WorkerPoolError) {
      let path = try catalog.resolve(job.definition.plugin)
      let (_, diagnostics) = try await pool.check(
        pluginPath: path, configs: [job.definition.config.canonicalJSON()], timeout: job.definition.timeouts.load)
      return diagnostics.flatMap { $0 }.map {
        job.finding(isError: $0.isError, pointer: $0.pointer, message: $0.message)
      }
    } catch {
      return [JobFinding(file: job.path, mark: job.pluginMark, key: "plugin", job: job.definition.name, message: error.message)]
    }
  }
}
