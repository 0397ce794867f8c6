package import AWSClient

/// What CloudWatch answered about one function, one value a day.
package struct FunctionMetrics: Hashable, Sendable {
  /// The series that every function is asked for. Together they make ten queries, so that a page of fifty functions fills one
  /// call.
  package enum Series: CaseIterable, Sendable {
    case invocations, errors, throttles
    /// Milliseconds, added up, and of how many runs: their quotient over any span is the exact mean of that span.
    case durationSum, durationSamples
    case durationMaximum, durationP95
    case concurrency
    /// The most provisioned environments that were at work at once; no data where none is provisioned, or nothing runs.
    case provisionedPeak
    /// MB, by Lambda Insights; no data where the function lacks its layer.
    case usedMemory

    /// Without these nothing may be said of a function.
    package var isRequired: Bool { self != .durationP95 && self != .usedMemory }

    var metric: (namespace: String, name: String, statistic: String) {
      switch self {
      case .invocations: ("AWS/Lambda", "Invocations", "Sum")
      case .errors: ("AWS/Lambda", "Errors", "Sum")
      case .throttles: ("AWS/Lambda", "Throttles", "Sum")
      case .durationSum: ("AWS/Lambda", "Duration", "Sum")
      case .durationSamples: ("AWS/Lambda", "Duration", "SampleCount")
      case .durationMaximum: ("AWS/Lambda", "Duration", "Maximum")
      case .durationP95: ("AWS/Lambda", "Duration", "p95")
      case .concurrency: ("AWS/Lambda", "ConcurrentExecutions", "Maximum")
      case .provisionedPeak: ("AWS/Lambda", "ProvisionedConcurrentExecutions", "Maximum")
      case .usedMemory: ("LambdaInsights", "used_memory_max", "Maximum")
      }
    }

    package func query(function: String) -> MetricQuery {
      let (namespace, name, statistic) = metric
      return MetricQuery(
        namespace: namespace, metric: name,
        dimensions: [namespace == "LambdaInsights" ? "function_name" : "FunctionName": function],
        periodSeconds: Window.daySeconds, statistic: statistic)
    }
  }

  package private(set) var points: [Series: [MetricSeries.Point]] = [:]

  /// Why nothing may be said of the function; `nil` when all that is required is there.
  package private(set) var gap: String?

  /// `answers` in the order of `asked`.
  package init(asked: [Series], answers: [MetricSeries]) {
    var missing: [String] = []
    for (series, answer) in zip(asked, answers) {
      if answer.isComplete {
        points[series] = answer.points
      } else if series.isRequired {
        missing.append(series.metric.name + " " + series.metric.statistic + (answer.message.map { " (\($0))" } ?? ""))
      }
    }
    if !missing.isEmpty { gap = "CloudWatch did not answer in full: " + missing.joined(separator: ", ") }
  }

  package func sum(_ series: Series) -> Double { points[series, default: []].reduce(0) { $0 + $1.value } }

  /// `nil` without data.
  package func maximum(_ series: Series) -> Double? { points[series, default: []].map(\.value).max() }

  /// One value for each day of the window, 0 where there are no data.
  package func daily(_ series: Series, _ window: Window) -> [Double] {
    var days = [Double](repeating: 0, count: window.days)
    for point in points[series, default: []] { days[window.day(of: point.at)] += point.value }
    return days
  }
}
