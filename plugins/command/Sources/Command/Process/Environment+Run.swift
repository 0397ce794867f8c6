import CarillonPlugin
import FoundationEssentials

extension Environment {
  /// What every command of a run is told of it.
  static func variables(of run: RunContext) -> [String: String] {
    var variables = ["CARILLON_RUN_ID": run.id, "CARILLON_JOB": run.job]
    if let dueAt = run.dueAt { variables["CARILLON_DUE_AT"] = dueAt.formatted(.iso8601) }
    return variables
  }
}
