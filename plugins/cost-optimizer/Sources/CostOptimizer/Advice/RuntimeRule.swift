/// Runtimes that AWS no longer mends, or soon will not.
package struct RuntimeRule: Rule {
  /// How long before its end a runtime is spoken of.
  package static let noticeDays = 90

  private let now: Int

  package init(now: Int) { self.now = now }

  package func advice(on subject: Subject) -> Advice? {
    guard let runtime = subject.function.runtime, let end = Runtimes.end(of: runtime),
      let left = Runtimes.daysLeft(of: runtime, at: now), left < Self.noticeDays
    else { return nil }
    return Advice(
      recommendation: Recommendation(
        kind: .runtime, action: "move away from \(runtime)", saving: 0, confidence: .high,
        reason: left < 0
          ? "out of support since \(end): no more security patches"
          : "out of support after \(end): \(left == 1 ? "1 day" : "\(left) days") are left"))
  }
}
