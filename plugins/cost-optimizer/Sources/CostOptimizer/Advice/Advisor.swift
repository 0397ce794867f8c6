/// Asks every rule about a function.
package struct Advisor: Sendable {
  private let rules: [any Rule] = [
    UnusedRule(), MemoryRule(), TimeoutRule(), ProvisionedRule(), ArchitectureRule(), ErrorRule(), ThrottleRule(),
  ]
  private let runtime: RuntimeRule

  /// `now` in seconds since 1970: runtimes age.
  package init(now: Int) { runtime = RuntimeRule(now: now) }

  /// Everything there is to say, the largest saving first, and what all of it together saves: less than the sum, as the second
  /// change of a function works on what the first has left.
  package func advice(on subject: Subject) -> (recommendations: [Recommendation], saving: Double) {
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
    let after = all.reduce(subject.workload) { $1.effect.applied(to: $0) }
    let recommendations = all.map(\.recommendation).sorted { $0.saving > $1.saving }
    return (recommendations, subject.model.saving(from: subject.workload, to: after))
  }
}
