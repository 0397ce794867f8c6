import AWSClient
import CarillonPlugin
import Foundation
import Synchronization

/// Looks at the bucket and names a run's items.
struct Discovery: Sendable {
  let config: LifecycleConfig
  let s3: S3
  let run: RunContext
  let sink: ItemSink<WorkItem>
  let prices: PriceTable
  let last: LastSurveyBox

  private var copies: Bool { config.mode == .transition }

  private var forecaster: Forecaster {
    Forecaster(prices: prices.prices, minBytes: config.minBytes, horizonMonths: config.horizonMonths, copies: copies)
  }

  func name() async throws {
    if let path = config.apply {
      let plan = try PlanFile.read(path, for: config)
      return config.mode == .rules ? try await applyRules(plan) : try await applyTransitions(plan)
    }
    let versioning = try await s3.versioning(bucket: config.bucket)
    let existing = try await s3.lifecycle(bucket: config.bucket)
    let wanted = WantedRules(
      config, isVersioned: versioning != .never, forecaster: config.filtersBySize && !copies ? forecaster : nil,
      leavesSmallAlone: existing.leavesSmallAlone(isAWS: config.aws.endpoint == nil))
    let now = Int(run.startedAt.timeIntervalSince1970)
    let found = try await survey(wanted.candidates, existing, now: now, versioning: versioning, emits: true)
    let rules = wanted.wanted(
      prefixes: Set(found.result.analysis.prefixes.keys), existing: copies ? [] : existing.rules)
    var text = AnalysisText(bucket: config.bucket, analysis: found.result.analysis, savings: found.savings)
    text.unreadable = found.unreadable
    if config.mode == .transition {
      if run.isPlan { try plan(rules, now: now, bucketHash: "", items: found.result.hash) }
    } else {
      try await compareRules(existing, rules, &text, now: now)
    }
    try leave(text)
  }

  /// Rules and configurations beside those of the bucket; items for what differs.
  private func compareRules(
    _ existing: LifecycleConfiguration, _ wanted: [LifecycleRule], _ text: inout AnalysisText, now: Int
  ) async throws {
    let merge = RuleMerge(existing: existing.rules, wanted: wanted, idPrefix: config.idPrefix)
    text.changes = merge.changes
    text.findings = RuleValidator.findings(merge.target)
    let tierings = try await tieringStates()
    if let tierings {
      text.tiering = TieringItem.changes(existing: tierings.existing, wanted: tierings.wanted, idPrefix: config.idPrefix)
      let others = tierings.existing.filter { old in !old.id.hasPrefix(config.idPrefix) }
      text.findings += TieringValidator.findings(others + tierings.wanted)
    }
    guard config.mode == .rules else { return }
    let ours = text.findings.filter { $0.isError && ($0.id.isEmpty || $0.id.hasPrefix(config.idPrefix)) }
    guard ours.isEmpty else {
      try leave(text)
      throw S3LifecycleError(.rules, "AWS would refuse the rules: " + ours.map(\.description).joined(separator: "; "))
    }
    let state = try BucketState.hash(existing, tiering: nil)
    let items = try emit(wanted, state, isChange: merge.isChange, text.tiering)
    if run.isPlan {
      let all = try BucketState.hash(existing, tiering: tierings?.existing)
      try plan(wanted, tiering: tierings?.wanted, now: now, bucketHash: all, items: items)
    }
  }

  private func emit(
    _ wanted: [LifecycleRule], _ state: String, isChange: Bool, _ tiering: [TieringItem]
  ) throws -> ItemListHash {
    var hash = ItemListHash()
    if isChange {
      try sink.emit(key: "rules", .rules(RulesItem(wanted: wanted, bucketHash: state)))
      hash.add("rules\0" + (try BucketState.hash(LifecycleConfiguration(rules: wanted), tiering: nil)))
    }
    for item in tiering {
      try sink.emit(key: "tiering/" + item.id, .tiering(item))
      hash.add(
        "tiering/" + item.id + "\0"
          + (try BucketState.hash(LifecycleConfiguration(rules: []), tiering: item.wanted.map { [$0] })))
    }
    return hash
  }

  private func applyRules(_ plan: PlanFile) async throws {
    let existing = try await s3.lifecycle(bucket: config.bucket)
    let merge = RuleMerge(existing: existing.rules, wanted: plan.wanted, idPrefix: config.idPrefix)
    var tiering: [TieringItem] = []
    var existingTiering: [IntelligentTieringConfiguration]?
    if let wanted = plan.tiering {
      let found = try await s3.intelligentTiering(bucket: config.bucket)
      existingTiering = found
      tiering = TieringItem.changes(existing: found, wanted: wanted, idPrefix: config.idPrefix)
    }
    guard try BucketState.hash(existing, tiering: existingTiering) == plan.bucketHash else {
      if !merge.isChange, tiering.isEmpty { return run.log.info("the plan is applied already") }
      throw S3LifecycleError(.drifted, "the rules of \(config.bucket) have changed since the plan; make a new plan")
    }
    let state = try BucketState.hash(existing, tiering: nil)
    try plan.check(try emit(plan.wanted, state, isChange: merge.isChange, tiering))
  }

  /// Twice through the bucket: whether it is as it was, and only then the items.
  private func applyTransitions(_ plan: PlanFile) async throws {
    let versioning = try await s3.versioning(bucket: config.bucket)
    let existing = try await s3.lifecycle(bucket: config.bucket)
    func again(emits: Bool) async throws -> (result: SurveyResult, savings: Savings, unreadable: [String]) {
      try await survey(plan.wanted, existing, now: plan.plannedAt, versioning: versioning, emits: emits)
    }
    try plan.check(try await again(emits: false).result.hash)
    let found = try await again(emits: true)
    var text = AnalysisText(bucket: config.bucket, analysis: found.result.analysis, savings: found.savings)
    text.unreadable = found.unreadable
    try leave(text)
  }

  /// Rules that copies stand for move objects and end none: what ends them is the bucket's own. Otherwise the others' rules end
  /// objects beside those that are wanted.
  private func survey(
    _ rules: [LifecycleRule], _ existing: LifecycleConfiguration, now: Int, versioning: VersioningStatus, emits: Bool
  ) async throws -> (result: SurveyResult, savings: Savings, unreadable: [String]) {
    let book =
      copies
      ? RuleBook(rules.map(\.movesAlone), endings: existing.rules)
      : RuleBook(rules, endings: existing.rules.filter { $0.id?.hasPrefix(config.idPrefix) != true })
    let (sink, run, seen) = (sink, run, Seen())
    var shared = Survey.Shared(book: book, forecaster: forecaster, now: now, hasItems: copies)
    (shared.versioning, shared.versions) = (versioning, config.versions)
    if emits { shared.onDue = { try sink.emit(key: $0.itemKey, .object($0)) } }
    shared.onPage = { run.progress(seen.add($0)) }
    let scan = BucketScan(
      s3: s3, bucket: config.bucket, prefix: config.prefix, hasVersions: versioning != .never, listers: config.listers)
    var result = shared.makeResult()
    let surveyed = shared
    try await scan.run {
      Survey(surveyed)
    } collect: {
      result.add($0.finished())
    }
    for try await page in s3.listUploads(bucket: config.bucket, ListingScope(prefix: config.prefix)) {
      for upload in page.records { result.analysis.add(upload, now: now) }
    }
    return (result, Savings(result.ledger, ids: book.ids, priceSource: prices.source), book.unreadable)
  }

  /// The bucket's Intelligent-Tiering configurations and what is wanted; `nil` when the job does not speak of them.
  private func tieringStates() async throws -> (
    existing: [IntelligentTieringConfiguration], wanted: [IntelligentTieringConfiguration]
  )? {
    guard let declared = config.tiering else { return nil }
    return (
      try await s3.intelligentTiering(bucket: config.bucket),
      declared.map { $0.configuration(idPrefix: config.idPrefix) }
    )
  }

  private func plan(
    _ wanted: [LifecycleRule], tiering: [IntelligentTieringConfiguration]? = nil, now: Int, bucketHash: String,
    items: ItemListHash
  ) throws {
    let plan = PlanFile(
      config: config, plannedAt: now, wanted: wanted, tiering: tiering, bucketHash: bucketHash, items: items)
    try run.putArtifact(PlanFile.name, mediaType: "application/json", content: try plan.json)
  }

  /// Leaves the report for people and for machines, and what `finish` wants to know.
  private func leave(_ text: AnalysisText) throws {
    try run.putArtifact("analysis.md", mediaType: "text/markdown; charset=utf-8", text: text.markdown)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    let document = AnalysisDocument(text)
    try run.putArtifact("analysis.json", mediaType: "application/json", content: [UInt8](try encoder.encode(document)))
    let survey = LastSurvey(run: run.id, document)
    last.keep(survey)
    // A plan leaves nothing to later runs; its own end is in this process, most often.
    if !run.isPlan { try run.setCheckpoint(LastSurvey.key, to: survey) }
  }
}

extension LifecycleRule {
  /// The rule without what ends objects.
  fileprivate var movesAlone: LifecycleRule {
    var rule = self
    (rule.expiration, rule.noncurrentExpiration, rule.noncurrentTransitions) = (nil, nil, nil)
    return rule
  }
}

/// Objects seen so far, by all listers.
private final class Seen: Sendable {
  private let count = Atomic<UInt64>(0)

  func add(_ more: Int) -> UInt64 { count.add(UInt64(more), ordering: .relaxed).newValue }
}
