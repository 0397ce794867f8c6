package import AWSClient

/// The rules that a job wants, before and after it is known what the bucket holds. Pure.
package struct WantedRules: Sendable {
  /// Each declared or standard rule, and what of S3's rules it comes to.
  private let made: [(declared: DeclaredRule, rules: [LifecycleRule])]
  private let choice: RuleChoice

  /// `forecaster` sets the size from which a rule's steps pay; `nil`: rules do not ask for a size.
  package init(_ config: LifecycleConfig, isVersioned: Bool, forecaster: Forecaster?) {
    choice = config.rules
    made = StandardRules.candidates(config.rules, prefix: config.prefix, isVersioned: isVersioned).map { declared in
      let rule = declared.rule(idPrefix: config.idPrefix)
      // What a person declares is what they get.
      if case .declared = config.rules { return (declared, [rule]) }
      guard let forecaster, let floor = SizeFloor.bytes(rule, forecaster) else { return (declared, [rule]) }
      let least = max(floor, config.minBytes)
      // Below 128 KiB AWS moves nothing by itself (User Guide, "Minimum object size").
      return (declared, floor == 0 || least == 131_072 ? [rule] : SizeFloor.split(rule, from: least))
    }
  }

  /// Everything that may be wanted: what a scan judges objects by.
  package var candidates: [LifecycleRule] { made.flatMap(\.rules) }

  /// What is wanted for a bucket that holds these first prefixes.
  package func wanted(prefixes: Set<String>) -> [LifecycleRule] {
    made.filter { StandardRules.isWanted($0.declared, choice, prefixes: prefixes) }.flatMap(\.rules)
  }
}
