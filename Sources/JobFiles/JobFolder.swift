package import Cron
import JobModel

/// The jobs of an installation: every `*.yaml` and `*.yml` in one folder.
package struct JobFolder: Sendable {
  /// Valid jobs, by name. One whose name another file has too is not among them.
  package let jobs: [JobFile]
  /// What is wrong, by file and place.
  package let findings: [JobFinding]
  private let files: [String]

  /// Files that were read.
  package var fileCount: Int { files.count }

  /// Reads a folder. Throws `unreadable`.
  package static func load(_ folder: String) throws(JobFileError) -> JobFolder {
    let names = try FileReading.names(in: folder)
    let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }.sorted()
    return load(files: files.map { "\(folder)/\($0)" })
  }

  /// Reads some files. A file that cannot be read is a finding. In a cancelled task it ends early: what it returns then is of no use.
  package static func load(files: [String]) -> JobFolder {
    var jobs: [JobFile] = []
    var findings: [JobFinding] = []
    let zones = ZoneCache()
    for file in files {
      if Task.isCancelled { break }
      let (read, found) = Self.read(file, zones)
      jobs += read
      findings += found
    }
    let byName = Dictionary(grouping: jobs, by: \.definition.name)
    for (name, same) in byName where same.count > 1 {
      for (index, job) in same.enumerated() {
        let other = same[index == 0 ? 1 : 0]
        findings.append(
          JobFinding(
            file: job.path, mark: job.nameMark, key: "name", job: name,
            message: "\"\(name)\" is also the name of the job in \(other.path):\(other.nameMark.line)"))
      }
    }
    let unique = jobs.filter { byName[$0.definition.name]?.count == 1 }
    let folder = JobFolder(jobs: unique.sorted { $0.definition.name < $1.definition.name }, findings: [], files: files)
    return JobFolder(jobs: folder.jobs, findings: folder.inOrder(findings), files: files)
  }

  /// Findings in the order of the files and of the places in them.
  package func inOrder(_ findings: [JobFinding]) -> [JobFinding] {
    let order = Dictionary(zip(files, files.indices)) { first, _ in first }
    return findings.sorted { left, right in
      let (i, j) = (order[left.file] ?? 0, order[right.file] ?? 0)
      return i == j ? (left.mark ?? .start) < (right.mark ?? .start) : i < j
    }
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

  private static func read(_ file: String, _ zones: ZoneCache) -> ([JobFile], [JobFinding]) {
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

extension SourceMark {
  static let start = SourceMark(line: 0, column: 0)
}
