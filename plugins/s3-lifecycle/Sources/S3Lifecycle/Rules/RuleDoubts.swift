import AWSClient

extension RuleValidator {
  /// What AWS takes and a person should know.
  static func doubts(_ rule: LifecycleRule) -> [RuleFinding] {
    let id = rule.id ?? ""
    var found: [RuleFinding] = []
    let steps = (rule.transitions ?? []).compactMap { step in step.days.map { ($0, step.storageClass) } }
      .sorted { $0.0 < $1.0 }
    for (earlier, later) in zip(steps, steps.dropFirst()) {
      let least = minimumStay[earlier.1] ?? 0
      if later.0 - earlier.0 < least, earlier.1.minimumAgeDays == 0 {
        found.append(
          .warning(id, "\(earlier.1) bills at least \(least) days; the next step comes after \(later.0 - earlier.0)"))
      }
    }
    if let last = steps.last, let end = rule.expiration?.days, end - last.0 < minimumStay[last.1] ?? 0 {
      found.append(
        .warning(id, "\(last.1) bills at least \(minimumStay[last.1] ?? 0) days; the objects expire after \(end - last.0)"))
    }
    return found
  }

  /// Days that are billed in any case (S3 pricing, "minimum storage duration").
  static let minimumStay: [StorageClass: Int] = [
    .standardIA: 30, .oneZoneIA: 30, .glacierInstantRetrieval: 90, .glacier: 90, .deepArchive: 180,
  ]

  /// Pairs of enabled rules that act on the same objects. AWS takes them, and then expiry goes before transition and the
  /// cheaper class before the dearer one (User Guide, "Conflicting lifecycle actions").
  static func overlaps(_ rules: [LifecycleRule]) -> [RuleFinding] {
    struct Scope {
      var id: String
      var prefix: [UInt8]
      var actions: Set<String>
      var hasSteps: Bool
      var hasEnds: Bool

      /// The halves that one rule was split into: the steps of its objects, and their end.
      func isHalf(with other: Scope) -> Bool {
        SizeFloor.areHalves(id, other.id) && prefix == other.prefix && hasSteps != other.hasSteps && hasEnds != other.hasEnds
      }
    }
    let scopes = rules.filter(\.isEnabled).map { rule in
      var actions: Set<String> = []
      if rule.transitions?.isEmpty == false || rule.expiration != nil { actions.insert("objects") }
      if rule.noncurrentTransitions?.isEmpty == false || rule.noncurrentExpiration != nil {
        actions.insert("noncurrent versions")
      }
      if rule.abortIncompleteUploads != nil { actions.insert("incomplete uploads") }
      return Scope(
        id: rule.id ?? "", prefix: Array((rule.meaning.filter?.and?.prefix ?? "").utf8), actions: actions,
        hasSteps: rule.transitions?.isEmpty == false || rule.noncurrentTransitions?.isEmpty == false,
        hasEnds: rule.expiration != nil || rule.noncurrentExpiration != nil)
    }.sorted { $0.prefix.lexicographicallyPrecedes($1.prefix) }
    var found: [RuleFinding] = []
    // Sorted, the prefixes that begin another one stand before it: they are the open ones.
    var open: [Scope] = []
    for scope in scopes {
      open.removeAll { !scope.prefix.starts(with: $0.prefix) }
      for other in open where !other.isHalf(with: scope) {
        for action in other.actions.intersection(scope.actions).sorted() {
          let where_ = scope.prefix.isEmpty ? "the whole bucket" : String(decoding: scope.prefix, as: UTF8.self)
          found.append(.warning(scope.id, "it acts on \(action) of \(where_), as \"\(other.id)\" does"))
        }
      }
      open.append(scope)
    }
    return found
  }
}
