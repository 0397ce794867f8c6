import Glibc

/// Items per second, by the clock and by the processor time of all threads.
struct Rate {
  let byClock: Double
  let byProcessor: Double

  static func of(_ items: Int, _ body: () -> Void) -> Rate {
    let clock = ContinuousClock()
    let before = processorSeconds()
    let elapsed = clock.measure(body)
    let (seconds, attoseconds) = elapsed.components
    return Rate(
      byClock: Double(items) / (Double(seconds) + Double(attoseconds) / 1e18),
      byProcessor: Double(items) / (processorSeconds() - before))
  }

  func show(_ name: String, against ceiling: Rate?) {
    var line = name + String(repeating: " ", count: max(1, 34 - name.count))
    line += "\(Int(byClock)) items/s, \(Int(byProcessor)) items per processor second"
    if let ceiling {
      line += ", \((ceiling.byProcessor / byProcessor * 100).rounded() / 100) times the ceiling's price"
    }
    print(line)
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
