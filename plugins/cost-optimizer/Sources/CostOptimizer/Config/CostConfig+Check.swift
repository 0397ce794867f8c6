import AWSClient
package import CarillonPlugin

extension CostConfig {
  /// Everything that is wrong with a configuration that could be decoded.
  package var diagnostics: [Diagnostic] { checkPlace() + checkNumbers() + checkFiles() }

  private func checkPlace() -> [Diagnostic] {
    var found: [Diagnostic] = []
    let isName = !region.isEmpty && region.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }
    if !isName { found.append(.error("\"\(region)\" is no region, like eu-central-1", at: "/region")) }
    if let endpoint {
      do throws(AWSError) { _ = try Endpoint(endpoint) } catch { found.append(.error(error.message, at: "/endpoint")) }
    }
    if profile != nil && credentials != nil {
      found.append(.error("a profile and credentials are two answers to one question: leave one out", at: "/profile"))
    }
    if let keys = credentials {
      for (name, value) in [("access_key_id", keys.accessKeyID), ("secret_access_key", keys.secretAccessKey)] where value.isEmpty {
        found.append(.error("is empty", at: "/credentials/\(name)"))
      }
    }
    return found
  }

  private func checkNumbers() -> [Diagnostic] {
    var found: [Diagnostic] = []
    if !(1...90).contains(days) { found.append(.error("\(days) is not within 1 to 90", at: "/days")) }
    if thresholds.unusedCalls < 0 { found.append(.error("is below zero", at: "/thresholds/unused_calls")) }
    for (name, rate) in [("error_rate", thresholds.errorRate), ("throttle_rate", thresholds.throttleRate)]
    where !(0...1).contains(rate) {
      found.append(.error("\(rate) is not within 0 to 1", at: "/thresholds/\(name)"))
    }
    for (name, amount) in [("minimum_saving", thresholds.minimumSaving), ("over_provisioned", thresholds.overProvisioned)]
    where amount < 0 {
      found.append(.error("is below zero", at: "/thresholds/\(name)"))
    }
    let alarms = thresholds.accountCost
    if alarms.count != 2 || alarms[0] >= alarms[1] || alarms[0] < 0 {
      found.append(.error("is two amounts, the smaller one first", at: "/thresholds/account_cost"))
    }
    return found
  }

  private func checkFiles() -> [Diagnostic] {
    var found: [Diagnostic] = []
    if let prices {
      if !prices.hasPrefix("/") {
        found.append(.error("must be an absolute path, is \"\(prices)\"", at: "/prices"))
      } else {
        do throws(CostOptimizerError) { _ = try PriceTable(region: region, file: prices) } catch {
          found.append(.error(error.message, at: "/prices"))
        }
      }
    }
    if let apply {
      if !apply.plan.hasPrefix("/") {
        found.append(.error("must be an absolute path, is \"\(apply.plan)\"", at: "/apply/plan"))
      }
      if apply.maxAgeDays < 1 { found.append(.error("must be 1 or more", at: "/apply/max_age_days")) }
      if apply.parts.isEmpty { found.append(.error("names nothing that may be changed", at: "/apply/parts")) }
    }
    return found
  }
}
