import AWSClient
package import CarillonPlugin

extension LifecycleConfig {
  /// Everything that is wrong with a configuration that could be decoded.
  package var diagnostics: [Diagnostic] {
    var found: [Diagnostic] = []
    if bucket.isEmpty || bucket.contains("/") { found.append(.error("\"\(bucket)\" is no bucket's name", at: "/bucket")) }
    if prefix.utf8.count > 1_024 { found.append(.error("is longer than 1,024 bytes", at: "/prefix")) }
    found += aws.problems.map { .error($0.message, at: "/aws/\($0.key)") }
    if idPrefix.isEmpty {
      found.append(.error("without a prefix every rule of the bucket would be ours", at: "/idPrefix"))
    } else if idPrefix.utf8.count > 32 {
      found.append(.error("is longer than 32 bytes", at: "/idPrefix"))
    }
    if minBytes < 0 { found.append(.error("must not be below zero", at: "/minBytes")) }
    if !(1...1_200).contains(horizonMonths) { found.append(.error("is not within 1 to 1200", at: "/horizonMonths")) }
    if !(1...256).contains(listers) { found.append(.error("is not within 1 to 256", at: "/listers")) }
    if let prices, !prices.hasPrefix("/") { found.append(.error("\"\(prices)\" is not an absolute path", at: "/prices")) }
    if apply != nil, mode == .analyse { found.append(.error("mode analyse has nothing to apply", at: "/apply")) }
    return found + ruleProblems + tieringProblems
  }

  private var ruleProblems: [Diagnostic] {
    guard case .declared(let rules) = rules else { return [] }
    var found: [Diagnostic] = []
    if rules.isEmpty { found.append(.warning("no rule is declared: those that are ours are removed", at: "/rules")) }
    for (index, rule) in rules.enumerated() where rule.noncurrent?.keepNewest != nil && rule.noncurrent?.expireDays == nil {
      found.append(
        .error(
          "says which versions outlive their expiry, and there is none: set `expireDays`",
          at: "/rules/\(index)/noncurrent/keepNewest"))
    }
    let made = rules.map { $0.rule(idPrefix: idPrefix) }
    for finding in RuleValidator.findings(made) {
      let pointer = made.firstIndex { $0.id == finding.id && !finding.id.isEmpty }.map { "/rules/\($0)" } ?? "/rules"
      found.append(finding.isError ? .error(finding.message, at: pointer) : .warning(finding.message, at: pointer))
    }
    return found
  }

  private var tieringProblems: [Diagnostic] {
    let made = (tiering ?? []).map { $0.configuration(idPrefix: idPrefix) }
    return TieringValidator.findings(made).map { finding in
      .error(finding.message, at: made.firstIndex { $0.id == finding.id }.map { "/tiering/\($0)" } ?? "/tiering")
    }
  }
}
