/// One series of GetMetricData.
package struct MetricQuery: Hashable, Sendable {
  package var namespace: String
  package var metric: String
  /// Name to value.
  package var dimensions: [String: String]
  /// Seconds a point covers: a multiple of 60, of 300 for what is older than 15 days, of 3,600 for what is older than 63.
  package var periodSeconds: Int
  /// `Sum`, `Average`, `Maximum`, `SampleCount`, `p95`.
  package var statistic: String

  package init(namespace: String, metric: String, dimensions: [String: String], periodSeconds: Int, statistic: String) {
    self.namespace = namespace
    self.metric = metric
    self.dimensions = dimensions
    self.periodSeconds = periodSeconds
    self.statistic = statistic
  }
}

/// The answer to one query.
package struct MetricSeries: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    /// The start of its period, in seconds since 1970.
    package var at: Int
    package var value: Double

    package init(at: Int, value: Double) {
      self.at = at
      self.value = value
    }
  }

  /// Oldest first; empty where there were no data.
  package var points: [Point] = []
  /// Whether all that was asked for is here. With `false` the points are not to be added up: the service failed, and zero is
  /// not what it measured.
  package var isComplete = false
  /// Why not.
  package var message: String?

  package init(points: [Point] = [], isComplete: Bool = false, message: String? = nil) {
    self.points = points
    self.isComplete = isComplete
    self.message = message
  }
}
