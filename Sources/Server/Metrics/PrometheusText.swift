/// Metrics in Prometheus' text format, version 0.0.4. (https://prometheus.io/docs/instrumenting/exposition_formats/)
struct PrometheusText {
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  private(set) var text = ""

  /// Begins a metric; its samples follow.
  mutating func family(_ name: String, _ type: String, _ help: String) {
    let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    text += "# HELP \(name) \(escaped)\n# TYPE \(name) \(type)\n"
  }

  mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Double) {
    let pairs = labels.map { "\($0.0)=\"\(Self.escape($0.1))\"" }.joined(separator: ",")
    text += pairs.isEmpty ? name : "\(name){\(pairs)}"
    text += " \(Self.number(value))\n"
  }

  mutating func sample(_ name: String, _ labels: [(String, String)] = [], _ value: Int) { sample(name, labels, Double(value)) }

  /// A metric with one sample and no labels.
  mutating func single(_ name: String, _ type: String, _ help: String, _ value: Double) {
    family(name, type, help)
    sample(name, [], value)
  }

  /// One histogram of a family.
  /// - Parameter counts: not summed up, one for each bound and one for what is above.
  mutating func histogram(_ name: String, _ labels: [(String, String)] = [], bounds: [Double], counts: [Int], sum: Double) {
    var total = 0
    for (bound, count) in zip(bounds + [.infinity], counts) {
      total += count
      sample("\(name)_bucket", labels + [("le", Self.number(bound))], total)
    }
    sample("\(name)_sum", labels, sum)
    sample("\(name)_count", labels, total)
  }

  private static func escape(_ value: String) -> String {
    value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }

  private static func number(_ value: Double) -> String {
    if value == .infinity { return "+Inf" }
    return value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}
