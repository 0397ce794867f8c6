/// Asks every rule about a function.
package struct Advisor: Sendable {
  private let rules: [any Rule] = [
    UnusedRule(), MemoryRule(), TimeoutRule(), ProvisionedRule(), ArchitectureRule(), ErrorRule(), ThrottleRule(),
  ]
  private let runtime: RuntimeRule

  /// `now` in seconds since 1970: runtimes age.
  package init(now: Int) { runtime = RuntimeRule(now: now) }

  /// What rules say together. Both savings are less than sums, as the second change of a function works on what the first has
  /// left.
  package struct Verdict: Sendable {
    /// The largest saving first.
    package var recommendations: [Recommendation]
    /// US dollars a month of all of them.
    package var saving: Double
    /// The same of those that do not stand on assumptions alone.
    package var surerSaving: Double
  }

  package func verdict(on subject: Subject) -> Verdict {
    var subject = subject
    var all: [Advice] = []
    for rule in rules {
      guard let advice = rule.advice(on: subject) else { continue }
      all.append(advice)
      if advice.recommendation.kind == .memory {
        subject.slowdown = max(1, subject.duration.worstFactor(from: subject.function.memoryMB, to: advice.effect.memoryMB))
      }
      // What should go is not tuned.
      if advice.effect.isRemoved { break }
    }
    if let advice = runtime.advice(on: subject) { all.append(advice) }
    return Verdict(
      recommendations: all.map(\.recommendation).sorted { $0.saving > $1.saving }, saving: saving(all, subject),
      surerSaving: saving(all.filter { $0.recommendation.confidence >= .medium }, subject))
  }

  private func saving(_ all: [Advice], _ subject: Subject) -> Double {
    subject.model.saving(from: subject.workload, to: all.reduce(subject.workload) { $1.effect.applied(to: $0) })
  }
}
