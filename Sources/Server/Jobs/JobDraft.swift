import ControlAPI
import Engine
import JobFiles
import JobModel

/// A set of jobs while its files are read.
struct JobDraft {
  private let folder: String
  private let prepares: Bool
  private let check: PluginCheck?
  private var preparation = JobPreparation()
  private var names = JobNames()
  private var elsewhere: [String: String] = [:]
  private var findings: [JobFinding] = []
  /// Jobs that plugins are to be asked about together.
  private var unchecked: [JobFile] = []
  private var subjects: Set<Int> = []
  private var failure: EngineError?

  /// Enough to keep several processes of a plugin busy.
  private static let checkedAtOnce = 1_024

  /// - Parameter check: asks the plugins; nil: they are not asked.
  init(folder: String, prepares: Bool, check: PluginCheck?) {
    self.folder = folder
    self.prepares = prepares
    self.check = check
  }

  /// Returns whether it is any use to go on.
  mutating func add(_ slice: JobFileSlice) async -> Bool {
    findings += slice.findings
    for job in slice.jobs {
      findings += names.add(job)
      let name = job.definition.name
      if job.path != JobSource.file(named: name, in: folder) { elsewhere[name] = job.path }
      guard prepares else { continue }
      do throws(EngineError) { try preparation.add(PluginCheck.anchored(job.definition)) } catch {
        failure = error
        return false
      }
    }
    if check != nil {
      unchecked += slice.jobs
      if unchecked.count >= Self.checkedAtOnce { await askPlugins() }
    }
    return true
  }

  private mutating func askPlugins() async {
    guard let check else { return }
    let (found, subjects) = await check.findings(of: unchecked)
    findings += found
    self.subjects.formUnion(subjects)
    unchecked = []
  }

  mutating func finish(_ list: JobFileList) async throws(ControlError) -> JobReading {
    if let failure { throw ControlError(failure) }
    if !unchecked.isEmpty { await askPlugins() }
    await check?.forget(allBut: subjects)
    let inOrder = list.inOrder(findings)
    return JobReading(
      set: JobSet(
        elsewhere: elsewhere, jobs: preparation.finish(leavingOut: names.shared),
        findings: inOrder.map(FindingDocument.init)), inOrder: inOrder)
  }
}

/// What was read, sound or not.
struct JobReading: Sendable {
  var set: JobSet
  var inOrder: [JobFinding]

  /// Throws `invalid` with every finding when one is an error.
  func requireSound() throws(ControlError) {
    let errors = inOrder.count(where: \.isError)
    guard errors > 0 else { return }
    let files = Set(inOrder.filter(\.isError).map(\.file)).count
    throw ControlError(
      .invalid,
      "\(errors) \(errors == 1 ? "error" : "errors") in \(files) job \(files == 1 ? "file" : "files"), first: "
        + "\(inOrder.first(where: \.isError)?.description ?? ""); nothing was changed",
      findings: set.findings)
  }
}
