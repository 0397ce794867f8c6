import AWSClient
import Synchronization

/// `analysis.json`: what a run saw and what the rules would come to.
package struct AnalysisDocument: Codable, Sendable {
  package var bucket: String
  package var analysis: Analysis
  package var savings: Savings
  package var changes: [RuleMerge.Change]
  package var findings: [RuleFinding]

  package init(_ text: AnalysisText) {
    bucket = text.bucket
    analysis = text.analysis
    savings = text.savings
    changes = text.changes
    findings = text.findings
  }
}

/// The totals of a run's survey, kept for its end: another process may look back on the run.
package struct LastSurvey: Codable, Hashable, Sendable {
  package static let key = "last-survey"

  package var run: String
  package var current: Tally
  package var noncurrent: Tally
  package var incompleteUploads: Int
  package var savings: Savings.Line

  package init(run: String, _ document: AnalysisDocument) {
    self.run = run
    current = document.analysis.current
    noncurrent = document.analysis.noncurrent
    incompleteUploads = document.analysis.uploads.count
    savings = document.savings.total
  }
}

/// The survey of this process, if it made one. Thread-safe.
final class LastSurveyBox: Sendable {
  private let survey = Mutex<LastSurvey?>(nil)

  func keep(_ found: LastSurvey) { survey.withLock { $0 = found } }

  func of(run: String) -> LastSurvey? { survey.withLock { $0?.run == run ? $0 : nil } }
}

/// The report of a run, as `carillon run show` has it.
package struct RunReport: Codable, Hashable, Sendable {
  package var mode: LifecycleConfig.Mode
  package var bucket: String
  package var isPlan: Bool
  /// Absent when the run applied rules of a plan and looked at nothing.
  package var survey: LastSurvey?
  package var succeeded: Int
  package var skipped: Int
  package var dead: Int
  package var cancelled: Int
  /// Objects that went to another class, by the class.
  package var moved: [String: Tally] = [:]
  /// US dollars less a month for what was moved.
  package var savesMonthly = 0.0

  package init(config: LifecycleConfig, isPlan: Bool, succeeded: Int, skipped: Int, dead: Int, cancelled: Int) {
    mode = config.mode
    bucket = config.bucket
    self.isPlan = isPlan
    self.succeeded = succeeded
    self.skipped = skipped
    self.dead = dead
    self.cancelled = cancelled
  }

  package mutating func add(_ moved: ObjectMover.Moved) {
    self.moved[moved.to.rawValue, default: Tally()].add(moved.bytes)
    savesMonthly += moved.savesMonthly
  }
}
