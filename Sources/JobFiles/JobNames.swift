import JobModel

/// Which names the jobs of many files have.
package struct JobNames: Sendable {
  private var first: [String: (file: String, mark: SourceMark)] = [:]
  /// Names that more than one job has.
  package private(set) var shared: Set<String> = []

  package init() {}

  /// What is to be said when a job has a name that another has.
  package mutating func add(_ job: JobFile) -> [JobFinding] {
    let name = job.definition.name
    guard let first = first.updateValue((job.path, job.nameMark), forKey: name) else { return [] }
    // The first of them stays the one that the others are told of.
    self.first[name] = first
    var findings = [Self.finding(name, (job.path, job.nameMark), first)]
    if shared.insert(name).inserted { findings.append(Self.finding(name, first, (job.path, job.nameMark))) }
    return findings
  }

  private static func finding(
    _ name: String, _ place: (file: String, mark: SourceMark), _ other: (file: String, mark: SourceMark)
  ) -> JobFinding {
    JobFinding(
      file: place.file, mark: place.mark, key: "name", job: name,
      message: "\"\(name)\" is also the name of the job in \(other.file):\(other.mark.line)")
  }
}
