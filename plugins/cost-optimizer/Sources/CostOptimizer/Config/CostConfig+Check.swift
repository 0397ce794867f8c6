import AWSClient
package import CarillonPlugin

extension CostConfig {
  /// Everything that is wrong with a configuration that could be decoded.
  package var diagnostics: [Diagnostic] {
    aws.problems.map { .error($0.message, at: "/aws/\($0.key)") } + checkNumbers() + checkFiles()
  }

  private func checkNumbers() -> [Diagnostic] {
    var found: [Diagnostic] = []
    if !(1...90).contains(days) { found.append(.error("\(days) is not within 1 to 90", at: "/days")) }
    if thresholds.unusedCalls < 0 { found.append(.error("is below zero", at: "/thresholds/unusedCalls")) }
    for (name, rate) in [("errorRate", thresholds.errorRate), ("throttleRate", thresholds.throttleRate)]
    where !(0...1).contains(rate) {
      found.append(.error("\(rate) is not within 0 to 1", at: "/thresholds/\(name)"))
    }
    for (name, amount) in [("minimumSaving", thresholds.minimumSaving), ("overProvisioned", thresholds.overProvisioned)]
    where amount < 0 {
      found.append(.error("is below zero", at: "/thresholds/\(name)"))
    }
    let alarms = thresholds.accountCost
    if alarms.count != 2 || alarms[0] >= alarms[1] || alarms[0] < 0 {
      found.append(.error("is two amounts, the smaller one first", at: "/thresholds/accountCost"))
    }
    return found
  }

  private func checkFiles() -> [Diagnostic] {
    var found: [Diagnostic] = []
    if let prices {
      if !prices.hasPrefix("/") {
        found.append(.error("must be an absolute path, is \"\(prices)\"", at: "/prices"))
      } else {
        do throws(CostOptimizerError) { _ = try PriceTable(region: aws.resolvedRegion(), file: prices) } catch {
          found.append(.error(error.message, at: "/prices"))
        }
      }
    }
    if let apply, !apply.hasPrefix("/") { found.append(.error("must be an absolute path, is \"\(apply)\"", at: "/apply")) }
    if applying.maxAgeDays < 1 { found.append(.error("must be 1 or more", at: "/applying/maxAgeDays")) }
    if applying.parts.isEmpty { found.append(.error("names nothing that may be changed", at: "/applying/parts")) }
    return found
  }
}
