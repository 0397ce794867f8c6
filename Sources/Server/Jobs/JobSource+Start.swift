package import ControlAPI
import JobFiles

extension JobSource {
  /// For a start, when there is no older set to stay in force: the jobs that are sound, and why others are not among them. Plugins are
  /// not asked. Throws `notFound` when the folder cannot be read.
  package func loadSound() async throws(ControlError) -> (set: JobSet, refusal: ControlError?) {
    let read: JobFolder
    do throws(JobFileError) { read = try JobFolder.load(folder) } catch { throw ControlError(error) }
    try Self.requireGoingOn()
    var refusal: ControlError?
    do throws(ControlError) { try Self.requireSound(read, read.findings) } catch { refusal = error }
    return (set(read.jobs, read.findings), refusal)
  }
}
