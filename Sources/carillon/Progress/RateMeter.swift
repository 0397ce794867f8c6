import JobModel

/// How fast items end, over the last seconds.
struct RateMeter {
  private static let window = Duration.seconds(10)
  private var samples: [(at: Duration, ended: Int)] = []

  /// Notes how many items had ended after `elapsed`; both only grow.
  mutating func note(ended: Int, at elapsed: Duration) {
    samples.append((elapsed, ended))
    while samples.count > 2, elapsed - samples[1].at >= Self.window { samples.removeFirst() }
  }

  /// Items a second; nil before there is anything to tell.
  var perSecond: Double? {
    guard let first = samples.first, let last = samples.last, last.ended > first.ended else { return nil }
    let seconds = (last.at - first.at).inSeconds
    return seconds >= 0.2 ? Double(last.ended - first.ended) / seconds : nil
  }

  /// How long `count` more items take at this rate.
  func estimate(for count: Int) -> Duration? {
    perSecond.map { .microseconds(Int64(min(Double(count) / $0, 3e9) * 1_000_000)) }
  }
}
