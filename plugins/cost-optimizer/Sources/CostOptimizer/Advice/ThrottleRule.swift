/// Calls that are turned away.
package struct ThrottleRule: Rule {
  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    guard subject.usage.throttles > 0, subject.usage.throttleRate > subject.limits.throttleRate else { return nil }
    let peak = subject.usage.peakConcurrency.map { "; at most \(Figure.count($0)) ran at once" } ?? ""
    return Advice(
      recommendation: Recommendation(
        kind: .throttles, action: "raise its reserved concurrency or the account's limit", saving: 0, confidence: .high,
        reason:
          "\(Figure.count(subject.usage.throttles)) calls (\(Figure.percent(subject.usage.throttleRate))) were turned away\(peak)"
      ))
  }
}
