package import AWSClient

/// The rules that a job wants, before and after it is known what the bucket holds. Pure.
package struct WantedRules: Sendable {
  /// Each declared or standard rule, and what of S3's rules it comes to.
  private let made: [(declared: DeclaredRule, rules: [LifecycleRule])]
  private let choice: RuleChoice
  private let idPrefix: String
  /// What the scan goes through.
  private let scanned: String

  /// `forecaster` sets the size from which a rule's steps pay; `nil`: rules do not ask for a size. `leavesSmallAlone`: the bucket
  /// moves nothing below 128 KiB by a rule that asks for no size.
  package init(_ config: LifecycleConfig, isVersioned: Bool, forecaster: Forecaster?, leavesSmallAlone: Bool) {
    (choice, idPrefix, scanned) = (config.rules, config.idPrefix, config.prefix)
    made = StandardRules.candidates(config.rules, prefix: config.prefix, isVersioned: isVersioned).map { declared in
      let rule = declared.rule(idPrefix: config.idPrefix)
      // What a person declares is what they get.
      if case .declared = config.rules { return (declared, [rule]) }
      guard let forecaster, let floor = SizeFloor.bytes(rule, forecaster) else { return (declared, [rule]) }
      let least = max(floor, config.minBytes)
      let needsNoSize = floor == 0 || leavesSmallAlone && least == 131_072
      return (declared, needsNoSize ? [rule] : SizeFloor.split(rule, from: least))
    }
  }

  /// Everything that may be wanted: what a scan judges objects by.
  package var candidates: [LifecycleRule] { made.flatMap(\.rules) }

  /// What is wanted for a bucket that holds these first prefixes. Of its `existing` rules those of ours stay that are for more than
  /// was scanned: nobody has seen whether they are needed. A list of declared rules is all that is wanted.
  package func wanted(prefixes: Set<String>, existing: [LifecycleRule] = []) -> [LifecycleRule] {
    let chosen = made.filter { StandardRules.isWanted($0.declared, choice, prefixes: prefixes) }
    if case .declared = choice { return chosen.flatMap(\.rules) }
    let known = Set(chosen.flatMap { SizeFloor.ids(of: idPrefix + $0.declared.id) })
    let kept = existing.filter { rule in
      guard let id = rule.id, id.hasPrefix(idPrefix), !known.contains(id) else { return false }
      return !(rule.meaning.filter?.and?.prefix ?? "").hasPrefix(scanned)
    }
    return chosen.flatMap(\.rules) + kept
  }
}

extension LifecycleConfiguration {
  /// Whether rules that ask for no size leave what is below 128 KiB where it is (S3 User Guide, "Transitioning objects", minimum
  /// object size). A bucket of AWS's that has no rules yet will be one that does.
  package func leavesSmallAlone(isAWS: Bool) -> Bool {
    defaultMinimumSize.map { $0 == "all_storage_classes_128K" } ?? (isAWS && rules.isEmpty)
  }
}
