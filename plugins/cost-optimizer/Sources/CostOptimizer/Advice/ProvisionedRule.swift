/// Environments that are kept ready: fewer where they idle, more where calls find none free, some where the load is so steady
/// that they are cheaper than running on demand.
package struct ProvisionedRule: Rule {
  /// Room above the most that were at work at once.
  package static let headroom = 1.2
  /// Of the calls that could have had one: found none free.
  package static let spillTolerated = 0.05
  /// How busy new environments are taken to be, of what the quietest day's mean load would give: days have quiet hours.
  package static let assumedUtilisation = 0.85
  /// A load that peaks no higher than so many times its quietest day's mean is steady.
  package static let steadyPeak = 2.0

  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    subject.usage.provisioned.map { change($0, subject) } ?? introduce(subject)
  }

  private func change(_ provisioned: ProvisionedUsage, _ subject: Subject) -> Advice? {
    guard provisioned.units > 0 else { return nil }
    let tried = provisioned.served + provisioned.spilled
    let spill = tried > 0 ? provisioned.spilled / tried : 0
    let peak = max(provisioned.peak, spill > 0 ? Double(provisioned.units) : 0)
    if spill > Self.spillTolerated {
      let wanted = Int(max(subject.usage.peakConcurrency ?? 0, Double(provisioned.units + 1)).rounded(.up))
      return proposal(
        provisioned.units, wanted, share: min(tried / max(subject.usage.invocations, 1), 1), .medium,
        "\(Figure.percent(spill)) of the calls found none of them free and may have begun cold", subject)
    }
    let wanted = provisioned.served == 0 ? 0 : max(1, Int((peak * Self.headroom).rounded(.up)))
    guard wanted < provisioned.units else { return nil }
    let seen =
      provisioned.served == 0
      ? "no call ran in any of them" : "at most \(Figure.count(peak)) of them were at work at once"
    return proposal(
      provisioned.units, wanted, share: wanted == 0 ? 0 : subject.workload.provisionedShare, subject.confidence,
      seen + " in \(subject.window.days) days", subject)
  }

  private func introduce(_ subject: Subject) -> Advice? {
    let units = Int(subject.usage.leastDailyConcurrency)
    guard units >= 1, subject.usage.daysSinceFirstCall == subject.window.days, let peak = subject.usage.peakConcurrency,
      peak <= Self.steadyPeak * subject.usage.leastDailyConcurrency + 1
    else { return nil }
    let busySeconds = Double(units) * CostModel.monthSeconds * Self.assumedUtilisation
    let advice = proposal(
      0, units, share: min(busySeconds / subject.workload.seconds, 1), .low,
      "on its quietest day \(Figure.tenths(subject.usage.leastDailyConcurrency)) runs were under way on average; environments that are "
        + "\(Figure.percent(Self.assumedUtilisation)) busy cost less than running on demand", subject)
    return advice.recommendation.saving >= subject.limits.minimumSaving ? advice : nil
  }

  private func proposal(
    _ from: Int, _ to: Int, share: Double, _ confidence: Recommendation.Confidence, _ reason: String, _ subject: Subject
  ) -> Advice {
    var effect = Effect()
    (effect.provisionedUnits, effect.provisionedShare) = (Double(to), share)
    return Advice(
      recommendation: Recommendation(
        kind: .provisioned, action: "provisioned concurrency \(Figure.count(from)) → \(Figure.count(to))",
        saving: subject.saving(effect),
        confidence: confidence, reason: reason),
      effect: effect)
  }
}
