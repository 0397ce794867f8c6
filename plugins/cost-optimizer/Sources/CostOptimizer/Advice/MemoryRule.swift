/// Less memory where it is paid for and not needed; more where it nearly runs out.
package struct MemoryRule: Rule {
  /// Sizes that are proposed. Lambda takes any number of MB from 128 to 10,240.
  package static let sizes = [
    128, 192, 256, 384, 512, 640, 768, 1_024, 1_280, 1_536, 1_769, 2_048, 2_560, 3_008, 4_096, 5_120, 6_144, 7_168, 8_192,
    9_216,
    10_240,
  ]
  /// Room above the most memory that was seen in use.
  package static let headroom = 1.2
  /// Of the memory: in use above this, it is about to run out.
  package static let nearlyFull = 0.9
  /// How many times as long runs may take at the proposed size, at worst.
  package static let slowdown = 2.0
  /// Of the timeout: what the longest run may take at the proposed size.
  package static let timeoutShare = 0.8

  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    let current = subject.function.memoryMB
    if let used = subject.usage.usedMemoryMB, used >= Self.nearlyFull * Double(current) { return more(used, subject) }
    guard subject.workload.seconds > 0 else { return nil }
    let floor = lowestSize(subject)
    let candidates = Self.sizes.filter { $0 < current && Double($0) >= floor && isBearable($0, subject) }
    guard let size = candidates.max(by: { expected($0, subject) < expected($1, subject) }) else { return nil }
    let saving = expected(size, subject)
    guard saving >= subject.limits.minimumSaving else { return nil }
    var advice = proposal(size, subject, saving: saving)
    if subject.duration.fit == nil {
      // A function that only works runs longer by as much as its memory is cheaper; one that only waits does not notice.
      advice.recommendation.savingAtLeast = subject.saving(
        effect(size, factor: subject.duration.worstFactor(from: current, to: size)))
      advice.recommendation.savingAtMost = subject.saving(effect(size, factor: 1))
    }
    return advice
  }

  private func more(_ used: Double, _ subject: Subject) -> Advice? {
    let current = subject.function.memoryMB
    guard let size = Self.sizes.first(where: { $0 > current && Double($0) >= used * Self.headroom }) ?? Self.sizes.last,
      size > current
    else { return nil }
    var advice = proposal(size, subject, saving: expected(size, subject))
    advice.recommendation.confidence = .high
    advice.recommendation.reason =
      "up to \(Figure.count(used)) of \(Figure.count(current)) MB were in use: the next larger input may end the function"
    return advice
  }

  private func proposal(_ size: Int, _ subject: Subject, saving: Double) -> Advice {
    let current = subject.function.memoryMB
    return Advice(
      recommendation: Recommendation(
        kind: .memory, action: "memory \(Figure.count(current)) → \(Figure.count(size)) MB", saving: saving,
        confidence: confidence(subject), reason: reason(size, subject), change: ConfigurationChange(memoryMB: size)),
      effect: effect(size, factor: subject.duration.factor(from: current, to: size)))
  }

  private func effect(_ size: Int, factor: Double) -> Effect {
    var effect = Effect()
    (effect.memoryMB, effect.durationFactor) = (size, factor)
    return effect
  }

  private func expected(_ size: Int, _ subject: Subject) -> Double {
    subject.saving(effect(size, factor: subject.duration.factor(from: subject.function.memoryMB, to: size)))
  }

  /// Below it nothing is proposed. Used memory with headroom where it is known; else a size that was run at; else the half.
  private func lowestSize(_ subject: Subject) -> Double {
    if let used = subject.usage.usedMemoryMB { return used * Self.headroom }
    if subject.duration.fit != nil, let least = subject.duration.sizes.first { return Double(least) }
    return Double(subject.function.memoryMB) / 2
  }

  /// Even at worst.
  private func isBearable(_ size: Int, _ subject: Subject) -> Bool {
    let factor = subject.duration.worstFactor(from: subject.function.memoryMB, to: size)
    guard factor <= Self.slowdown, let longest = subject.usage.longestMs else { return false }
    return longest * factor <= Self.timeoutShare * 1_000 * Double(subject.function.timeoutSeconds)
  }

  private func confidence(_ subject: Subject) -> Recommendation.Confidence {
    let (isFitted, isUseKnown) = (subject.duration.fit != nil, subject.usage.usedMemoryMB != nil)
    let known: Recommendation.Confidence = isFitted && isUseKnown ? .high : isFitted || isUseKnown ? .medium : .low
    return min(known, subject.confidence)
  }

  private func reason(_ size: Int, _ subject: Subject) -> String {
    let factor = subject.duration.factor(from: subject.function.memoryMB, to: size)
    let use =
      subject.usage.usedMemoryMB.map { "at most \(Figure.count($0)) MB were in use" }
      ?? "how much is in use is not known (Lambda Insights would tell)"
    let mean =
      subject.usage.meanMs.map { "; a run takes \(Figure.milliseconds($0)), then about \(Figure.milliseconds($0 * factor))" }
      ?? ""
    let model =
      subject.duration.fit != nil
      ? ", by what was seen at \(subject.duration.sizes.map(Figure.count).joined(separator: ", ")) MB"
      : ", if half of it is work and half is waiting"
    return use + mean + (mean.isEmpty ? "" : model)
  }
}
