package import AWSClient

/// Puts what is wanted into a bucket and reads it back. Doing it again does nothing.
package struct RuleWriter: Sendable {
  package enum Ending: Hashable, Sendable {
    case done(Int)
    /// There was nothing to do, and why.
    case left(String)
  }

  package let s3: S3
  package let bucket: String
  package let idPrefix: String
  private let pause: @Sendable (Duration) async throws -> Void

  /// Between the looks at what was put: S3 may answer what was there before for a while.
  static let pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3), .seconds(6)]

  package init(
    s3: S3, bucket: String, idPrefix: String,
    pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) {
    self.s3 = s3
    self.bucket = bucket
    self.idPrefix = idPrefix
    self.pause = pause
  }

  /// Asks until something else than `before` is answered. Throws `S3LifecycleError.notYetSeen`.
  private func read<State>(
    _ what: String, until isNew: (State) -> Bool, _ ask: () async throws -> State
  ) async throws -> State {
    for pause in Self.pauses {
      let found = try await ask()
      if isNew(found) { return found }
      try await self.pause(pause)
    }
    let found = try await ask()
    if isNew(found) { return found }
    throw S3LifecycleError(.notYetSeen, "\(bucket) took \(what) and still answers what was there before")
  }

  /// Throws `S3LifecycleError.drifted`, `.notApplied` and `.notYetSeen`, `AWSError`.
  package func write(_ item: RulesItem) async throws -> Ending {
    let existing = try await s3.lifecycle(bucket: bucket)
    let merge = RuleMerge(existing: existing.rules, wanted: item.wanted, idPrefix: idPrefix)
    guard merge.isChange else { return .left("the rules are as they should be already") }
    guard try BucketState.hash(existing, tiering: nil) == item.bucketHash else {
      throw S3LifecycleError(.drifted, "the rules of \(bucket) have changed since they were planned; make a new plan")
    }
    var target = existing
    target.rules = merge.target
    if merge.target.isEmpty {
      try await s3.deleteLifecycle(bucket: bucket)
    } else {
      try await s3.setLifecycle(bucket: bucket, target)
    }
    let kept = try await read("the rules") {
      RuleMerge.areSame($0, target) || !RuleMerge.areSame($0, existing)
    } _: {
      try await s3.lifecycle(bucket: bucket)
    }
    guard RuleMerge.areSame(kept, target) else {
      let lost = merge.target.filter { rule in !kept.rules.contains { $0.meaning == rule.meaning } }
      throw S3LifecycleError(
        .notApplied,
        "\(bucket) took the rules and answers others: "
          + lost.map { "\($0.id ?? "(no id)") (\($0.lines.joined(separator: ", ")))" }.joined(separator: "; ")
          + (lost.isEmpty
            ? "\(kept.rules.count) rules instead of \(merge.target.count), minimum size "
              + "\(kept.defaultMinimumSize ?? "none") instead of \(target.defaultMinimumSize ?? "none")" : ""))
    }
    return .done(merge.target.count)
  }

  /// Throws `S3LifecycleError.drifted`, `.notApplied` and `.notYetSeen`, `AWSError`.
  package func write(_ item: TieringItem) async throws -> Ending {
    func found() async throws -> IntelligentTieringConfiguration? {
      try await s3.intelligentTiering(bucket: bucket).first { $0.id == item.id }
    }
    let existing = try await found()
    if existing?.meaning == item.wanted?.meaning { return .left("the configuration is as it should be already") }
    guard existing?.meaning == item.before?.meaning else {
      throw S3LifecycleError(.drifted, "the configuration \(item.id) has changed since it was planned; make a new plan")
    }
    if let wanted = item.wanted {
      try await s3.setIntelligentTiering(bucket: bucket, wanted)
    } else {
      try await s3.deleteIntelligentTiering(bucket: bucket, id: item.id)
    }
    let kept = try await read("the configuration \(item.id)") {
      $0?.meaning != existing?.meaning
    } _: {
      try await found()
    }
    guard kept?.meaning == item.wanted?.meaning else {
      throw S3LifecycleError(.notApplied, "\(bucket) took the configuration \(item.id) and answers another")
    }
    return .done(1)
  }
}
