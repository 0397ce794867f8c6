package import AWSClient
import AWSOutcomes
package import CarillonPlugin
import FoundationEssentials

/// What the Lambda functions of a region cost, and what of it could be saved.
package struct CostOptimizerPlugin: Plugin {
  package static let manifest = Manifest(
    id: "cost-optimizer", version: "1.0.0", summary: "Finds out what Lambda functions cost and what could be saved",
    // A call for metrics holds fifty functions: ten of them wait while one is under way. One process, so that they meet.
    maxInFlight: 512, workers: 1)

  private let config: CostConfig
  private let table: PriceTable
  private let region: String
  private let lambda: Lambda
  private let reader: MetricReader
  private let history: HistoryStore
  /// Ends with the instance.
  private let connection: AWSConnection

  package static func check(_ config: CostConfig) -> [Diagnostic] { config.diagnostics }

  package init(config: CostConfig) throws { try self.init(config: config, surroundings: Surroundings()) }

  /// Tests bring surroundings in which nothing waits.
  package init(config: CostConfig, surroundings: Surroundings) throws {
    self.config = config
    region = config.aws.resolvedRegion(surroundings)
    table = try PriceTable(region: region, file: config.prices)
    let connection = AWSConnection(config.aws, surroundings: surroundings)
    let endpoint = try config.aws.endpoint.map { text throws(AWSError) in try Endpoint(text) }
    lambda = Lambda(connection.caller("lambda"), endpoint: endpoint)
    let watch = CloudWatch(connection.caller("monitoring"), endpoint: endpoint)
    reader = MetricReader(MetricBatcher(watch, percentiles: config.percentiles), lambda)
    history = HistoryStore(region: region)
    self.connection = connection
  }

  package func discover(_ run: RunContext, into sink: ItemSink<CostItem>) async throws {
    if let path = config.apply {
      let plan = try ChangePlan.read(path, config.applying, region: region, now: Int(run.startedAt.timeIntervalSince1970))
      for change in plan.changes { try sink.emit(key: change.function, .change(change)) }
      if plan.changes.isEmpty { run.log.info("the plan has nothing to apply that this job allows") }
      return
    }
    // Versions stand beside their function, or on a later page.
    var functions: [FunctionFacts] = []
    var published: Set<String> = []
    for try await page in lambda.listFunctions(withVersions: true) {
      for entry in page.records {
        if entry.version == nil || entry.version == "$LATEST" {
          functions.append(FunctionFacts(entry))
        } else {
          published.insert(entry.name)
        }
      }
      run.progress(UInt64(functions.count))
    }
    for var function in functions {
      function.hasVersions = published.contains(function.name)
      try sink.emit(key: function.name, .function(function))
    }
  }

  package func process(_ item: ItemContext<CostItem>) async throws -> Outcome {
    do {
      switch item.value {
      case .function(let function): return try await analyse(function, item)
      case .change(let change): return try await apply(change, item)
      }
    } catch let error as AWSError {
      // Somebody removed it since it was listed, or planned for.
      if error.serviceCode == "ResourceNotFoundException" { return .skipped("it is gone: \(error)") }
      return Outcome(error)
    } catch let error as CostOptimizerError {
      return error.code == .notApplied ? .retry(error.message) : .failed(error.message)
    }
  }

  private func analyse(_ function: FunctionFacts, _ item: ItemContext<CostItem>) async throws -> Outcome {
    let window = window(item.run)
    let report: FunctionReport
    let metrics = try await reader.metrics(of: function.name, in: window)
    let analyst = Analyst(prices: table.prices, limits: config.thresholds, window: window)
    switch try await reader.provisioned(of: function, metrics, in: window) {
    case .unknown(let reason): report = .unknown(function, reason)
    case .known(let provisioned):
      report = analyst.report(on: function, metrics, provisioned: provisioned, earlier: try sizes(item))
    case .none: report = analyst.report(on: function, metrics, earlier: try sizes(item))
    }
    if let reason = report.reason { item.log.warning("unknown: \(reason)") }
    let outcome = Outcome.succeeded(output: report)
    return item.run.isPlan ? outcome.withEffect(["recommend": report.recommendations.map(\.action)]) : outcome
  }

  private func sizes(_ item: ItemContext<CostItem>) throws -> [DurationModel.Observation] {
    try history.entry(item.key, item.run).sizes
  }

  private func apply(_ change: ChangePlan.Change, _ item: ItemContext<CostItem>) async throws -> Outcome {
    let applier = PlanApplier(lambda)
    if item.run.isPlan {
      let (pending, _) = try await applier.pending(change)
      return pending == ConfigurationChange() ? .skipped(Self.alreadySo) : .planned(effect: ["set": pending])
    }
    switch try await applier.apply(change) {
    case .changed(let change): return .succeeded(output: ["set": change])
    // After a lost answer it is this item's own doing.
    case .alreadySo: return item.attempt > 1 ? .succeeded : .skipped(Self.alreadySo)
    }
  }

  private static let alreadySo = "it is so already"

  package func finish(_ summary: RunSummary) async throws {
    guard config.apply == nil else { return }
    let window = window(summary.run)
    let analyst = AccountAnalyst(
      job: summary.run.job, region: region, window: window, limits: config.thresholds, priceSource: table.source)
    try await Conclusion(analyst: analyst, history: history).draw(summary)
  }

  private func window(_ run: RunContext) -> Window {
    Window(days: config.days, before: Int(run.startedAt.timeIntervalSince1970))
  }
}
