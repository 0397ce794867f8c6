package import ControlAPI
package import Engine
import JobFiles
package import JobModel

/// A set of jobs from the job files that may be put in force.
package struct JobSet: Sendable {
  /// By job: its file, where that has not the job's own name.
  let elsewhere: [String: String]
  /// As the scheduler takes them: plugins that are paths are absolute.
  package let definitions: [JobDefinition]
  /// Warnings: nothing that keeps a job from running.
  package let findings: [FindingDocument]
}

/// The job files of a daemon: read whole, checked whole, and put in force all together or not at all.
package actor JobSource {
  /// Absolute.
  package nonisolated let folder: String
  private let check: PluginCheck
  private var elsewhere: [String: String] = [:]

  /// - Parameter folder: where job files are, absolute.
  package init(folder: String, engine: Engine) {
    self.folder = folder
    check = PluginCheck(engine: engine)
  }

  /// Reads every file, and has plugins check what is new: a configuration, or a plugin's library. Throws `invalid` with every finding
  /// when anything is an error, `notFound` when the folder cannot be read. Changes nothing that is in force.
  package func load() async throws(ControlError) -> JobSet {
    let read: JobFolder
    do throws(JobFileError) { read = try JobFolder.load(folder) } catch { throw ControlError(error) }
    try Self.requireGoingOn()
    try Self.requireSound(read, read.findings)
    let findings = read.inOrder(read.findings + (await check.findings(of: read.jobs)))
    try Self.requireGoingOn()
    try Self.requireSound(read, findings)
    return set(read.jobs, findings)
  }

  func set(_ jobs: [JobFile], _ findings: [JobFinding]) -> JobSet {
    var elsewhere: [String: String] = [:]
    for job in jobs where job.path != file(named: job.definition.name) { elsewhere[job.definition.name] = job.path }
    return JobSet(
      elsewhere: elsewhere, definitions: jobs.map { PluginCheck.anchored($0.definition) },
      findings: findings.map(FindingDocument.init))
  }

  private func file(named name: String) -> String { "\(folder)/\(name).yaml" }

  /// What was read in a cancelled task is not whole.
  static func requireGoingOn() throws(ControlError) {
    if Task.isCancelled { throw ControlError(.unavailable, "the daemon is ending: the job files were not read to their end") }
  }

  static func requireSound(_ folder: JobFolder, _ findings: [JobFinding]) throws(ControlError) {
    let errors = findings.count(where: \.isError)
    guard errors > 0 else { return }
    let files = Set(findings.filter(\.isError).map(\.file)).count
    throw ControlError(
      .invalid,
      "\(errors) \(errors == 1 ? "error" : "errors") in \(files) job \(files == 1 ? "file" : "files"), first: "
        + "\(findings.first(where: \.isError)?.description ?? ""); nothing was changed",
      findings: findings.map(FindingDocument.init))
  }

  /// Notes that a set is in force: `file(of:)` answers from it.
  package func adopt(_ set: JobSet) { elsewhere = set.elsewhere }

  /// Where a job in force stands.
  package func file(of job: String) -> String { elsewhere[job] ?? file(named: job) }
}
