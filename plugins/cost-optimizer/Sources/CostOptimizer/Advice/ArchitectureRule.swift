/// The cheaper processor, for functions whose runtime has it.
package struct ArchitectureRule: Rule {
  package init() {}

  package func advice(on subject: Subject) -> Advice? {
    let function = subject.function
    guard function.architecture == .x86, function.isImage || function.runtime.map(Runtimes.runsOnArm) == true else {
      return nil
    }
    var effect = Effect()
    effect.architecture = .arm
    let saving = subject.saving(effect)
    guard saving >= subject.limits.minimumSaving else { return nil }
    let isPortable = function.runtime.map(Runtimes.isPortable) == true && !function.isImage
    let what =
      isPortable
      ? "\(function.runtime ?? "") runs on arm64; native dependencies must be built for it"
      : "the \(function.isImage ? "image" : "program") must be built for arm64"
    return Advice(
      recommendation: Recommendation(
        kind: .architecture, action: "x86_64 → arm64", saving: saving, confidence: isPortable ? .medium : .low,
        reason: what + "; taken to run as fast there"),
      effect: effect)
  }
}
