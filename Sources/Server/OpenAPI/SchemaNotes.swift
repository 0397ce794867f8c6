import JobModel

/// What a type's schema cannot say by itself: the words and ranges that a text or number may have.
enum SchemaNotes {
  /// Adds what is known of `key` in the object of that name.
  static func apply(to schema: JSONValue, of object: String, key: String) -> JSONValue {
    guard case .object(var members) = schema, members["$ref"] == nil else { return schema }
    if members["type"] == "string", key.hasSuffix("_at") || instants.contains("\(object).\(key)") {
      members["format"] = "date-time"
    }
    if let words = words["\(object).\(key)"] { members["enum"] = .array(words.map(JSONValue.string)) }
    if let least = minima["\(object).\(key)"] { members["minimum"] = .int(least) }
    if let most = maxima["\(object).\(key)"] { members["maximum"] = .int(most) }
    return .object(members)
  }

  private static let instants: Set = [
    "TriggerRequest.at", "BackfillRequest.from", "BackfillRequest.to", "PauseDocument.since", "LogDocument.at",
  ]

  private static let runStates = RunState.allCases.map(\.name)
  private static let fates = InstantFate.allCases.map(\.name)
  private static let overlaps = OverlapPolicy.allCases.map(\.rawValue)

  private static let words: [String: [String]] = [
    "RunDocument.state": runStates,
    "RunDocument.trigger": Trigger.allCases.map(\.rawValue),
    "RunProgressDocument.state": runStates,
    "ItemDocument.state": ItemState.allCases.map(\.name),
    "AttemptDocument.cause": RetryCause.allCases.map(\.name),
    "InstantDocument.fate": fates,
    "BackfillDocumentInstant.fate": fates,
    "TriggerRequest.overlap": overlaps,
    "JobDocument.overlap": overlaps,
    "JobDocument.catch_up": Backlog.allCases.map(\.rawValue),
    "ScheduleDocument.dst": ["debian", "literal", "skip"],
    "FindingDocument.severity": ["error", "warning"],
    "StatusDocument.state": ["starting", "ready", "degraded", "draining"],
    "LogDocument.source": ["log", "stdout", "stderr", "engine"],
  ]

  private static let minima: [String: Int64] = ["BackfillRequest.parallel": 1]
  private static let maxima: [String: Int64] = ["BackfillRequest.parallel": 100]
}
