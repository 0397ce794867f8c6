import AWSClient

/// The rules that are wanted when a job does not declare its own.
package enum StandardRules {
  /// By what an object is for, as its first prefix says.
  static let byPurpose: [DeclaredRule] = {
    var logs = DeclaredRule(id: "logs", prefix: "logs/")
    logs.transitions = [.init(days: 30, to: .standardIA), .init(days: 90, to: .glacier)]
    logs.expireDays = 365
    var uploads = DeclaredRule(id: "uploads", prefix: "uploads/")
    uploads.transitions = [.init(days: 90, to: .standardIA), .init(days: 365, to: .glacier)]
    var processed = DeclaredRule(id: "processed", prefix: "processed/")
    processed.transitions = [.init(days: 60, to: .standardIA)]
    return [logs, uploads, processed]
  }()

  /// The first prefixes that generated rules depend on.
  static let prefixes = Set(byPurpose.compactMap(\.prefix))

  static let abortUploads: DeclaredRule = {
    var rule = DeclaredRule(id: "abort-uploads")
    rule.abortUploadsDays = 7
    return rule
  }()

  static let noncurrent: DeclaredRule = {
    var rule = DeclaredRule(id: "noncurrent")
    rule.noncurrent = .init(
      transitions: [.init(days: 30, to: .standardIA), .init(days: 90, to: .glacier)], expireDays: 365)
    return rule
  }()

  static func archive(prefix: String) -> DeclaredRule {
    var rule = DeclaredRule(id: "archive", prefix: prefix)
    rule.transitions = [
      .init(days: 30, to: .standardIA), .init(days: 90, to: .glacier), .init(days: 365, to: .deepArchive),
    ]
    return rule
  }

  /// Every rule that a choice may come to. `isVersioned`: the bucket keeps versions, or did.
  package static func candidates(_ choice: RuleChoice, prefix: String, isVersioned: Bool) -> [DeclaredRule] {
    switch choice {
    case .declared(let rules): rules
    case .archive: [archive(prefix: prefix), abortUploads] + (isVersioned ? [noncurrent] : [])
    case .generated: byPurpose + [abortUploads] + (isVersioned ? [noncurrent] : [])
    }
  }

  /// Whether a candidate is kept: generated rules for prefixes that hold nothing are not made.
  package static func isWanted(_ rule: DeclaredRule, _ choice: RuleChoice, prefixes: Set<String>) -> Bool {
    guard case .generated = choice, let prefix = rule.prefix else { return true }
    return prefixes.contains(prefix)
  }
}
