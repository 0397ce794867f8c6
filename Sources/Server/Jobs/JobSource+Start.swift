package import ControlAPI
import JobFiles

extension JobSource {
  /// For a start, when there is no older set to stay in force: the jobs that are sound, and why others are not among them. Plugins are
  /// not asked. Throws `notFound` when the folder cannot be read.
  package func loadSound() async throws(ControlError) -> (set: JobSet, refusal: ControlError?) {
    let read: JobFolder
    do throws(JobFileError) { read = try JobFolder.load(folder) } catch { throw ControlError(error) }
    var refusal: ControlError?
    do throws(ControlError) { _ = try await load(asksPlugins: false) } catch { refusal = error }
    let set = JobSet(
      files: read.jobs, definitions: read.jobs.map { PluginCheck.anchored($0.definition) },
      findings: read.findings.map(FindingDocument.init))
    return (set, refusal)
  }
}
