package import Cron
import JobModel

/// The jobs of an installation: every `*.yaml` and `*.yml` in one folder.
package struct JobFolder: Sendable {
  /// Valid jobs, by name. One whose name another file has too is not among them.
  package let jobs: [JobFile]
  /// What is wrong, by file and place.
  package let findings: [JobFinding]
  /// Files that were read.
  package let list: JobFileList

  /// Reads a folder. Throws `unreadable`.
  package static func load(_ folder: String) throws(JobFileError) -> JobFolder {
    load(files: try JobFileList(folder: folder).files)
  }

  /// Reads some files. A file that cannot be read is a finding. In a cancelled task it ends early: what it returns then is of no use.
  package static func load(files: [String]) -> JobFolder {
    var jobs: [JobFile] = []
    var findings: [JobFinding] = []
    let list = JobFileList(files)
    var names = JobNames()
    let zones = ZoneCache()
    for file in files {
      if Task.isCancelled { break }
      let (read, found) = Self.read(file, zones)
      for job in read { findings += names.add(job) }
      jobs += read
      findings += found
    }
    let unique = jobs.filter { !names.shared.contains($0.definition.name) }
    return JobFolder(
      jobs: unique.sorted { $0.definition.name < $1.definition.name }, findings: list.inOrder(findings), list: list)
  }

  /// The jobs of one file's bytes, and what is wrong with them.
  package static func read(
    _ bytes: [UInt8], file: String, zones: ZoneCache = ZoneCache()
  ) -> (jobs: [JobFile], findings: [JobFinding]) {
    let log = FindingLog(file: file)
    switch SourceText.read(bytes, file: file) {
    case .failure(let error): return ([], error.findings)
    case .success(let source):
      let documents = YAMLReader(file: file, findings: log).documents(source)
      if documents.isEmpty, log.findings.isEmpty { log.add(nil, "", "the file holds no job") }
      let syntaxErrors = log.findings.count
      let jobs = documents.compactMap { JobDecoder(file: file, findings: log, zones: zones).job($0) }
      return (syntaxErrors == 0 ? jobs : [], log.findings)
    }
  }

  /// … of one file. That it cannot be read is a finding.
  static func read(_ file: String, _ zones: ZoneCache) -> ([JobFile], [JobFinding]) {
    do throws(JobFileError) {
      return read(try FileReading.bytes(of: file, atMost: SourceText.maxBytes + 1), file: file, zones: zones)
    } catch {
      return ([], [JobFinding(file: file, message: error.message)])
    }
  }

  /// The job of that name. Throws `invalid` with its findings when its file is wrong, `notFound` with the nearest name.
  package func job(named name: String) throws(JobFileError) -> JobFile {
    if let job = jobs.first(where: { $0.definition.name == name }) { return job }
    let own = findings.filter { $0.job == name && $0.isError }
    if !own.isEmpty {
      throw JobFileError(.invalid, "job \(name) is not valid", findings: own)
    }
    let names = jobs.map(\.definition.name) + findings.compactMap(\.job)
    let suggestion = names.nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
    let broken = Set(findings.map(\.file)).count
    let hint =
      broken == 0 ? "" : "; \(broken == 1 ? "a job file is" : "\(broken) job files are") not valid, see \"carillon jobs check\""
    throw JobFileError(.notFound, "there is no job \"\(name)\"\(suggestion)\(hint)")
  }
}
