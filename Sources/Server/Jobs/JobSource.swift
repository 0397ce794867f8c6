package import ControlAPI
package import Engine
import Foundation
import JobFiles

/// A set of jobs from the job files that may be put in force.
package struct JobSet: Sendable {
  /// By job: its file, where that has not the job's own name.
  let elsewhere: [String: String]
  /// As the scheduler takes them: plugins that are paths are absolute.
  package let jobs: PreparedJobs
  /// Warnings: nothing that keeps a job from running.
  package let findings: [FindingDocument]
}

/// The job files of a daemon: read whole, checked whole, and put in force all together or not at all.
///
/// A hundred thousand files hold ten times what is kept of them: they are read a few at a time, and of each goes into the set at once
/// what the scheduler will keep.
package actor JobSource {
  /// Absolute.
  package nonisolated let folder: String
  private let check: PluginCheck
  private var elsewhere: [String: String] = [:]

  /// Files that are read at once. One core prepares what the others read.
  private static let width = max(2, min(8, ProcessInfo.processInfo.activeProcessorCount))

  /// - Parameter folder: where job files are, absolute.
  package init(folder: String, engine: Engine) {
    self.folder = folder
    check = PluginCheck(engine: engine)
  }

  /// Reads every file, and has plugins check what is new: a configuration, or a plugin's library. Throws `invalid` with every finding
  /// when anything is an error, `notFound` when the folder cannot be read. Changes nothing that is in force.
  package func load() async throws(ControlError) -> JobSet {
    let reading = try await read(asksPlugins: true, prepares: true)
    try reading.requireSound()
    return reading.set
  }

  /// For a start, when there is no older set to stay in force: the jobs that are sound, and why others are not among them. Plugins are
  /// not asked. Throws `notFound` when the folder cannot be read.
  package func loadSound() async throws(ControlError) -> (set: JobSet, refusal: ControlError?) {
    let reading = try await read(asksPlugins: false, prepares: true)
    var refusal: ControlError?
    do throws(ControlError) { try reading.requireSound() } catch { refusal = error }
    return (reading.set, refusal)
  }

  /// As `load`, for what there is to say alone.
  package func examine() async throws(ControlError) -> [FindingDocument] {
    let reading = try await read(asksPlugins: true, prepares: false)
    try reading.requireSound()
    return reading.set.findings
  }

  private func read(asksPlugins: Bool, prepares: Bool) async throws(ControlError) -> JobReading {
    let list: JobFileList
    do throws(JobFileError) { list = try JobFileList(folder: folder) } catch { throw ControlError(error) }
    var draft = JobDraft(folder: folder, prepares: prepares, check: asksPlugins ? check : nil)
    await list.read(width: Self.width) { slice in await draft.add(slice) }
    // What was read in a cancelled task is not whole.
    if Task.isCancelled { throw ControlError(.unavailable, "the daemon is ending: the job files were not read to their end") }
    return try await draft.finish(list)
  }

  /// Notes that a set is in force: `file(of:)` answers from it.
  package func adopt(_ set: JobSet) { elsewhere = set.elsewhere }

  /// Where a job in force stands.
  package func file(of job: String) -> String { elsewhere[job] ?? Self.file(named: job, in: folder) }

  static func file(named job: String, in folder: String) -> String { "\(folder)/\(job).yaml" }
}
