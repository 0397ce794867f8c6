import AWSClient
import AWSOutcomes
package import CarillonPlugin

/// Analyses a bucket, keeps its lifecycle rules, moves its objects to colder classes.
package struct S3LifecyclePlugin: Plugin {
  package static let manifest = Manifest(
    id: "s3-lifecycle", version: "1.0.0",
    summary: "Analyses an S3 bucket, keeps its lifecycle rules, moves what is due to colder classes",
    // Copies wait for S3, not for this machine.
    maxInFlight: 64, workers: 1,
    // A copy of 5 TB in parts takes hours.
    itemTimeout: .seconds(6 * 3_600))

  private let config: LifecycleConfig
  private let connection: AWSConnection
  private let s3: S3
  private let traits: BucketTraits
  private let last = LastSurveyBox()

  package static func check(_ config: LifecycleConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: LifecycleConfig) throws {
    self.config = config
    connection = AWSConnection(config.aws)
    s3 = try connection.s3()
    traits = BucketTraits(s3: s3, bucket: config.bucket)
  }

  package func discover(_ run: RunContext, into sink: ItemSink<WorkItem>) async throws {
    do {
      let prices = try PriceTable(region: s3.region, file: config.prices)
      try await Discovery(config: config, s3: s3, run: run, sink: sink, prices: prices, last: last).name()
    } catch let error as S3LifecycleError {
      // Before any other item: nothing was begun.
      try sink.emit(key: "refused", .refusal(error.message))
    }
  }

  package func process(_ item: ItemContext<WorkItem>) async throws -> Outcome {
    do {
      return item.run.isPlan ? try await plan(item.value) : try await apply(item)
    } catch let error as AWSError {
      return Outcome(error)
    } catch let error as S3LifecycleError {
      return error.code == .notYetSeen ? .retry(error.message) : .failed(error.message)
    }
  }

  private func apply(_ item: ItemContext<WorkItem>) async throws -> Outcome {
    switch item.value {
    case .refusal(let reason): return .failed(reason)
    case .rules(let rules): return outcome(of: try await writer.write(rules))
    case .tiering(let tiering): return outcome(of: try await writer.write(tiering))
    case .object(let object):
      switch try await mover.move(object) {
      case .left(let reason): return .skipped(reason)
      case .moved(let moved): return .succeeded(output: moved)
      }
    }
  }

  private func outcome(of ending: RuleWriter.Ending) -> Outcome {
    switch ending {
    case .done(let count): .succeeded(output: ["applied": count])
    case .left(let reason): .skipped(reason)
    }
  }

  private func plan(_ item: WorkItem) async throws -> Outcome {
    switch item {
    case .refusal(let reason): return .failed(reason)
    case .rules(let rules):
      let existing = try await s3.lifecycle(bucket: config.bucket).rules
      let merge = RuleMerge(existing: existing, wanted: rules.wanted, idPrefix: config.idPrefix)
      let lines = merge.changes.filter { $0.kind != .foreign }.flatMap(\.diff)
      return .planned(effect: ["diff": lines.prefix(500).map { String($0.prefix(100)) }])
    case .tiering(let tiering):
      return .planned(effect: ["tiering": AnalysisText.line(tiering)])
    case .object(let object):
      var effect = ["from": object.from.rawValue, "to": object.to.rawValue, "rule": object.rule]
      // Where versioning is suspended, only the version `null` is moved, and it stays that version.
      if config.versions == .replace, let version = object.versionID, try await traits.protection().versioning == .enabled {
        effect["removes"] = version
      }
      if config.acl == .drop { effect["grants"] = "dropped" }
      return .planned(effect: effect)
    }
  }

  package func finish(_ summary: RunSummary) async throws {
    var report = RunReport(
      config: config, isPlan: summary.run.isPlan, succeeded: summary.succeeded, skipped: summary.skipped, dead: summary.dead,
      cancelled: summary.cancelled)
    report.survey = last.of(run: summary.run.id)
    if report.survey == nil, let kept: LastSurvey = try summary.run.checkpoint(LastSurvey.key), kept.run == summary.run.id {
      report.survey = kept
    }
    if config.mode == .transition, !summary.run.isPlan {
      for try await result in summary.results where result.kind == .succeeded {
        if let moved = try result.output(as: ObjectMover.Moved.self) { report.add(moved) }
      }
    }
    try await summary.report(report)
  }

  private var writer: RuleWriter { RuleWriter(s3: s3, bucket: config.bucket, idPrefix: config.idPrefix) }
  private var mover: ObjectMover {
    ObjectMover(s3: s3, bucket: config.bucket, versions: config.versions, acl: config.acl, traits: traits)
  }
}
