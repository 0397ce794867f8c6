/// What a run came to: the report of `carillon run show`.
package struct RunReport: Codable, Hashable, Sendable {
  /// One of the slowest items.
  package struct Slow: Codable, Hashable, Sendable {
    package var path: String
    package var milliseconds: Int
    package var megapixels: Double
  }

  static let slowestKept = 10

  /// Items by their end.
  package var succeeded: Int
  package var skipped: Int
  package var dead: Int
  package var cancelled: Int

  /// Items that succeeded with a warning.
  package private(set) var warnings = 0

  /// Of the images that were made thumbnails of, and of those thumbnails.
  package private(set) var bytesIn = 0
  package private(set) var bytesOut = 0
  package private(set) var megapixels = 0.0

  /// From the run's start to its report.
  package var elapsedSeconds = 0.0 {
    didSet { megapixelsPerSecond = elapsedSeconds > 0 ? megapixels / elapsedSeconds : 0 }
  }

  /// Source pixels over the whole run's time.
  package private(set) var megapixelsPerSecond = 0.0

  /// The ten slowest items, the slowest first.
  package private(set) var slowest: [Slow] = []

  package init(succeeded: Int, skipped: Int, dead: Int, cancelled: Int) {
    self.succeeded = succeeded
    self.skipped = skipped
    self.dead = dead
    self.cancelled = cancelled
  }

  package mutating func add(_ output: ImageOutput, took duration: Duration) {
    let pixels = Double(output.width * output.height) / 1_000_000
    bytesIn += output.bytes
    bytesOut += output.sizes.values.reduce(0) { $0 + $1.bytes }
    megapixels += pixels
    if output.warning != nil { warnings += 1 }
    let slow = Slow(
      path: output.source, milliseconds: Int(duration / .milliseconds(1)), megapixels: pixels)
    let place = slowest.firstIndex { $0.milliseconds < slow.milliseconds } ?? slowest.count
    guard place < RunReport.slowestKept else { return }
    slowest.insert(slow, at: place)
    if slowest.count > RunReport.slowestKept { slowest.removeLast() }
  }
}
