/// A timeout well above the longest run bounds nothing: a call that hangs is paid for until then. One that runs reach cuts
/// them off.
package struct TimeoutRule: Rule {
  /// Above so many times the longest run a timeout is too long; it is then proposed to be so many times that run.
  package static let tolerated = 1.2
  package static let proposed = 1.5
  /// Of the timeout: a run of that length was as good as cut off.
  package static let reached = 0.95
  package static let longestSeconds = 900

  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    guard let longestMs = subject.usage.longestMs, longestMs > 0 else { return nil }
    let current = subject.function.timeoutSeconds
    let longest = longestMs / 1_000 * subject.slowdown
    let proposal = min(max(Int((longest * Self.proposed).rounded(.up)), 1), Self.longestSeconds)
    let isReached = longestMs / 1_000 >= Self.reached * Double(current)
    guard isReached ? proposal > current : Double(current) > longest * Self.tolerated && proposal < current else { return nil }
    let seen = "the longest of \(Figure.count(subject.usage.samples)) runs took \(Figure.milliseconds(longestMs))"
    let then = subject.slowdown > 1 ? ", \(Figure.milliseconds(longest * 1_000)) with the memory proposed" : ""
    let why =
      isReached ? "; calls are being cut off" : "; a call that hangs is paid for until its timeout"
    return Advice(
      recommendation: Recommendation(
        kind: .timeout, action: "timeout \(Figure.count(current)) → \(Figure.count(proposal)) s", saving: 0,
        confidence: isReached ? .high : subject.confidence, reason: seen + then + why,
        change: ConfigurationChange(timeoutSeconds: proposal)))
  }
}
