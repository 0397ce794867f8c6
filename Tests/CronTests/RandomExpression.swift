/// Expressions of every kind that both crontab(5) and cronsim read.
enum RandomExpression {
  static func text(seconds: Bool = false, using random: inout some RandomNumberGenerator) -> String {
    var fields = [
      field(0...59, star: 20, using: &random), field(0...23, star: 30, using: &random),
      Int.random(in: 0..<20, using: &random) == 0
        ? ["L", "LW"].randomElement(using: &random)! : field(1...31, star: 60, using: &random),
      field(1...12, star: 80, using: &random),
      Int.random(in: 0..<15, using: &random) == 0
        ? "\(Int.random(in: 0...7, using: &random))" + ["L", "#1", "#2", "#5"].randomElement(using: &random)!
        : field(0...7, star: 60, using: &random),
    ]
    if seconds { fields.insert(field(0...59, star: 20, using: &random), at: 0) }
    return fields.joined(separator: " ")
  }

  /// `star`: in how many of a hundred it is `*`.
  private static func field(_ range: ClosedRange<Int>, star: Int, using random: inout some RandomNumberGenerator) -> String {
    if Int.random(in: 0..<100, using: &random) < star { return "*" }
    return (0..<([1, 1, 1, 2, 3].randomElement(using: &random) ?? 1)).map { _ in item(range, using: &random) }
      .joined(separator: ",")
  }

  private static func item(_ range: ClosedRange<Int>, using random: inout some RandomNumberGenerator) -> String {
    let two = [Int.random(in: range, using: &random), Int.random(in: range, using: &random)].sorted()
    let step = Int.random(in: 1...range.upperBound, using: &random)
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<4: return "\(two[0])"
    case 4..<6: return "\(two[0])-\(two[1])"
    case 6: return two[0] == two[1] ? "\(two[0])" : "\(two[0])-\(two[1])/\(step)"
    default: return "*/\(step)"
    }
  }
}
