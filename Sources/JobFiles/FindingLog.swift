/// Gathers what is wrong with one file while it is read.
final class FindingLog {
  let file: String
  /// Named in the findings of the document that is being read.
  var job: String?
  private(set) var findings: [JobFinding] = []

  init(file: String) { self.file = file }

  func add(_ mark: SourceMark?, _ key: String, _ message: String) {
    findings.append(JobFinding(file: file, mark: mark, key: key, job: job, message: message))
  }

  func add(_ findings: [JobFinding]) { self.findings += findings }
}
