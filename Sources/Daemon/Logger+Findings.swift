internal import ControlAPI
internal import Logging

extension Logger {
  /// What is wrong with job files, a line each: the first of them, where one mistake stands in thousands of files.
  func tell(_ findings: [FindingDocument], _ level: Logger.Level, _ fields: Logger.Metadata = [:]) {
    let most = 50
    for finding in findings.prefix(most) { log(level: level, "\(finding.text)", metadata: fields) }
    if findings.count > most {
      log(level: level, "and \(findings.count - most) more; \"carillon jobs check\" lists them all", metadata: fields)
    }
  }
}
