package import ControlAPI
package import Engine
package import JobFiles
package import JobModel

/// A set of jobs from the job files that may be put in force.
package struct JobSet: Sendable {
  package let files: [JobFile]
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
  private var inForce: [String: JobFile] = [:]

  /// - Parameter folder: where job files are, absolute.
  package init(folder: String, engine: Engine) {
    self.folder = folder
    check = PluginCheck(engine: engine)
  }

  /// Reads every file, and has plugins check what is new: a configuration, or a plugin's library. Throws `invalid` with every finding
  /// when anything is an error, `notFound` when the folder cannot be read. Changes nothing that is in force.
  /// - Parameter asksPlugins: false: plugins are not asked, as for a start that must be quick; a run finds out.
  package func load(asksPlugins: Bool = true) async throws(ControlError) -> JobSet {
    let read: JobFolder
    do throws(JobFileError) { read = try JobFolder.load(folder) } catch { throw ControlError(error) }
    try Self.requireSound(read, read.findings)
    var findings = read.findings
    if asksPlugins {
      findings = read.inOrder(findings + (await check.findings(of: read.jobs)))
      try Self.requireSound(read, findings)
    }
    return JobSet(
      files: read.jobs, definitions: read.jobs.map { PluginCheck.anchored($0.definition) },
      findings: findings.map(FindingDocument.init))
  }

  private static func requireSound(_ folder: JobFolder, _ findings: [JobFinding]) throws(ControlError) {
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
  package func adopt(_ set: JobSet) {
    inForce = Dictionary(set.files.map { ($0.definition.name, $0) }) { first, _ in first }
  }

  /// Where a job in force stands.
  package func file(of job: String) -> String? { inForce[job]?.path }

  package func jobFile(_ job: String) -> JobFile? { inForce[job] }
}
