/// Items a second, by phase.
struct Rates: CustomStringConvertible {
  var insert: Double
  var ready: Double
  var record: Double
  var endToEnd: Double
  var note = ""

  var description: String {
    func column(_ name: String, _ rate: Double) -> String { "\(name) \(Int(rate))/s" }
    return [
      column("insert", insert), column("ready", ready), column("record", record), column("end to end", endToEnd), note,
    ].joined(separator: "  ")
  }

  /// How many times slower than the ceiling each phase is: 1 is as fast.
  func ratios(to ceiling: Rates) -> String {
    func ratio(_ name: String, _ phase: KeyPath<Rates, Double>) -> String {
      let hundredths = Int((ceiling[keyPath: phase] / self[keyPath: phase] * 100).rounded())
      return "\(name) \(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    return [
      ratio("insert", \.insert), ratio("ready", \.ready), ratio("record", \.record), ratio("end to end", \.endToEnd),
    ].joined(separator: "  ")
  }
}
