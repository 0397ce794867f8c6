/// Functions that hardly anybody calls.
package struct UnusedRule: Rule {
  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    guard subject.isUnused else { return nil }
    var effect = Effect()
    effect.isRemoved = true
    let calls = subject.usage.invocations
    let days = subject.window.days
    return Advice(
      recommendation: Recommendation(
        kind: .unused, action: "remove it", saving: subject.saving(effect),
        confidence: calls > 0 ? .low : days >= 30 ? .high : days >= 14 ? .medium : .low,
        reason: "\(calls == 0 ? "not one call" : calls == 1 ? "one call" : "\(Figure.count(calls)) calls") in \(days) days"),
      effect: effect)
  }
}
