/// Calls that fail are paid for like others.
package struct ErrorRule: Rule {
  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    guard !subject.isUnused, subject.usage.errorRate > subject.limits.errorRate else { return nil }
    let spent = subject.model.cost(of: subject.workload).total * subject.usage.errorRate
    return Advice(
      recommendation: Recommendation(
        kind: .errors, action: "find out why \(Figure.percent(subject.usage.errorRate)) of its calls fail", saving: 0,
        confidence: subject.usage.invocations >= 100 ? .high : .medium,
        reason: "\(Figure.count(subject.usage.errors)) of \(Figure.count(subject.usage.invocations)) calls ended in an error; "
          + "about \(Money.text(spent)) a month goes into those, and asynchronous ones are repeated"))
  }
}
