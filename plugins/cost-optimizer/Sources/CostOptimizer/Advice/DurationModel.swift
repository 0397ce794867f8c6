/// How the mean run of a function changes with its memory, and so with its share of a processor: waiting + work ÷ memory.
package struct DurationModel: Sendable {
  /// A mean that was seen at one size.
  package struct Observation: Codable, Hashable, Sendable {
    package var memoryMB: Int
    package var meanMs: Double
    package var samples: Double

    package init(memoryMB: Int, meanMs: Double, samples: Double) {
      self.memoryMB = memoryMB
      self.meanMs = meanMs
      self.samples = samples
    }
  }

  /// Fewer runs than this say little about a size.
  package static let samplesNeeded = 100.0
  /// How many times as fast more memory makes a run at most, while nothing is fitted.
  package static let cap = 2.0
  /// The share of a run that is taken for work while nothing is fitted: the rest waits for others. With one half, no amount of
  /// memory makes it more than `cap` times as fast.
  package static let assumedWork = 0.5

  /// Milliseconds that memory does not change, and milliseconds × MB that it does; `nil` while sizes enough were not seen.
  package let fit: (waiting: Double, work: Double)?
  /// The sizes that were seen with enough runs, ascending.
  package let sizes: [Int]

  package init(_ observations: [Observation]) {
    let usable = observations.filter { $0.samples >= Self.samplesNeeded && $0.memoryMB > 0 && $0.meanMs > 0 }
    sizes = Set(usable.map(\.memoryMB)).sorted()
    // Sizes that are nearly the same tell noise, not a slope.
    guard let least = sizes.first, let most = sizes.last, Double(most) >= 1.25 * Double(least) else {
      fit = nil
      return
    }
    fit = Self.leastSquares(usable)
  }

  /// Weighted by samples, neither part below zero.
  private static func leastSquares(_ all: [Observation]) -> (waiting: Double, work: Double) {
    let weight = all.reduce(0) { $0 + $1.samples }
    let meanX = all.reduce(0) { $0 + $1.samples / Double($1.memoryMB) } / weight
    let meanY = all.reduce(0) { $0 + $1.samples * $1.meanMs } / weight
    var (sxx, sxy, xx, xy) = (0.0, 0.0, 0.0, 0.0)
    for one in all {
      let x = 1 / Double(one.memoryMB)
      sxx += one.samples * (x - meanX) * (x - meanX)
      sxy += one.samples * (x - meanX) * (one.meanMs - meanY)
      xx += one.samples * x * x
      xy += one.samples * x * one.meanMs
    }
    let work = sxy / sxx
    if work <= 0 { return (meanY, 0) }
    let waiting = meanY - work * meanX
    return waiting >= 0 ? (waiting, work) : (0, xy / xx)
  }

  /// What a run's length is multiplied with when the memory goes from one size to another; 1 without a new size.
  package func factor(from: Int, to: Int?) -> Double {
    guard let to, to != from else { return 1 }
    if let fit { return (fit.waiting + fit.work / Double(to)) / (fit.waiting + fit.work / Double(from)) }
    return Self.factor(work: Self.assumedWork, from: from, to: to)
  }

  /// The same for a function that does nothing but work; with a fit, what is fitted.
  package func worstFactor(from: Int, to: Int?) -> Double {
    guard let to, fit == nil else { return factor(from: from, to: to) }
    return Self.factor(work: 1, from: from, to: to)
  }

  private static func factor(work: Double, from: Int, to: Int) -> Double {
    max(1 - work + work * Double(from) / Double(to), 1 / cap)
  }
}
