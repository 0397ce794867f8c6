/// Counts of measured values by size, for metrics.
package struct Histogram: Hashable, Sendable {
  /// Upper bounds of the buckets, inclusive, ascending; a last bucket without bound follows.
  package let bounds: [Double]
  /// Values in each bucket (not summed up), one more than bounds.
  package private(set) var counts: [Int]
  package private(set) var sum = 0.0

  package init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// Values counted.
  package var count: Int { counts.reduce(0, +) }

  package mutating func add(_ value: Double) {
    counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
    sum += value
  }

  /// Adds what another histogram with the same bounds has counted.
  package mutating func add(_ other: Histogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    sum += other.sum
  }
}
