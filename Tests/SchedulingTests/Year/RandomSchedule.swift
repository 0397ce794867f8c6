import Cron
import JobModel
import Seeded

/// A random schedule, as text for the program and as sets for the model: nothing is parsed on the model's side.
struct RandomSchedule: Hashable {
  /// One field of an expression.
  struct Field: Hashable {
    var text: String
    var values: Set<Int>
    var isStar: Bool { text.hasPrefix("*") }
  }

  struct Expression: Hashable {
    var minute, hour, day, month, weekday: Field
    var text: String { "\(minute.text) \(hour.text) \(day.text) \(month.text) \(weekday.text)" }

    /// crontab(5): restricted in both, either day field will do.
    func matches(_ wall: WallMinute) -> Bool {
      guard minute.values.contains(wall.minute), hour.values.contains(wall.hour), month.values.contains(wall.month) else {
        return false
      }
      let isDay = day.values.contains(wall.day)
      let isWeekday = weekday.values.contains(wall.weekday)
      return day.isStar || weekday.isStar ? isDay && isWeekday : isDay || isWeekday
    }

    /// cron(8): such a job follows elapsed time over a change of the clocks.
    var isWildcard: Bool { minute.isStar || hour.isStar }
  }

  static let zones = [
    "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Africa/Casablanca",
  ]

  var zone: String
  var dst: DSTPolicy
  /// Empty for `@every`.
  var expressions: [Expression] = []
  /// Seconds, whole minutes.
  var period: Int64?
  var exclusion: Expression?
  /// UTC seconds.
  var window: Range<Int64>?
  var start: Int64?
  var end: Int64?

  init(in year: Range<Int64>, using random: inout SplitMix) {
    zone = Self.zones.randomElement(using: &random)!
    dst = DSTPolicy.allCases.randomElement(using: &random)!
    if Int.random(in: 0..<12, using: &random) == 0 {
      period = 60 * Int64([20, 45, 90, 360, 1_000, 5_000].randomElement(using: &random)!)
    } else {
      for _ in 0..<(Int.random(in: 0..<5, using: &random) == 0 ? 2 : 1) { expressions.append(Self.expression(using: &random)) }
      if Int.random(in: 0..<5, using: &random) == 0 { exclusion = Self.exclusion(using: &random) }
    }
    func some() -> Int64 { Int64.random(in: year.lowerBound..<year.upperBound - 86_400 * 40, using: &random) / 60 * 60 }
    if Int.random(in: 0..<6, using: &random) == 0 {
      let from = some()
      window = from..<from + 86_400 * Int64.random(in: 1...30, using: &random)
    }
    if Int.random(in: 0..<12, using: &random) == 0 {
      start = year.lowerBound + 86_400 * Int64.random(in: 1...60, using: &random)
    }
    if Int.random(in: 0..<12, using: &random) == 0 { end = year.upperBound - 86_400 * Int64.random(in: 1...60, using: &random) }
  }

  func spec(named name: String) -> ScheduleSpec {
    let texts = period.map { ["@every \($0)s"] } ?? expressions.map(\.text)
    var spec = ScheduleSpec(name: name, expressions: texts, zone: zone)
    spec.dst = dst
    spec.start = start.map(Timestamp.init(seconds:))
    spec.end = end.map(Timestamp.init(seconds:))
    if let exclusion { spec.exclusions.append(.expression(exclusion.text)) }
    if let window {
      spec.exclusions.append(
        .window(from: Timestamp(seconds: window.lowerBound), to: Timestamp(seconds: window.upperBound)))
    }
    return spec
  }

  private static func expression(using random: inout SplitMix) -> Expression {
    let any = { (range: ClosedRange<Int>) in Field(text: "*", values: Set(range)) }
    var expression = Expression(
      minute: list(1, 0...59, &random), hour: any(0...23), day: any(1...31), month: any(1...12), weekday: any(0...6))
    switch Int.random(in: 0..<100, using: &random) {
    case 0: expression.minute = step(20, 0...59)
    case 1...6: break  // hourly
    case 7...9: expression.hour = step(Int.random(in: 2...6, using: &random), 0...23)
    default:
      // In the night, where the clocks change.
      let night = Bool.random(using: &random)
      expression.hour = list(Int.random(in: 1...3, using: &random), night ? 0...3 : 0...23, &random)
      if Int.random(in: 0..<4, using: &random) == 0 { expression.minute = list(2, 0...59, &random) }
    }
    switch Int.random(in: 0..<8, using: &random) {
    case 0: expression.weekday = list(Int.random(in: 1...4, using: &random), 0...6, &random)
    case 1: expression.day = list(3, 1...31, &random)
    case 2:
      expression.weekday = list(2, 0...6, &random)
      expression.day = list(2, 1...31, &random)
    case 3: expression.month = list(6, 1...12, &random)
    case 4:
      expression.day = step(Int.random(in: 2...9, using: &random), 1...31)
      expression.weekday = list(4, 0...6, &random)
    default: break
    }
    return expression
  }

  private static func exclusion(using random: inout SplitMix) -> Expression {
    let any = { (range: ClosedRange<Int>) in Field(text: "*", values: Set(range)) }
    var expression = Expression(
      minute: any(0...59), hour: any(0...23), day: any(1...31), month: any(1...12), weekday: any(0...6))
    if Bool.random(using: &random) {
      expression.weekday = list(2, 0...6, &random)
    } else {
      expression.month = list(2, 1...12, &random)
      expression.day = list(5, 1...28, &random)
    }
    return expression
  }

  private static func list(_ count: Int, _ range: ClosedRange<Int>, _ random: inout SplitMix) -> Field {
    var values: Set<Int> = []
    for _ in 0..<count { values.insert(Int.random(in: range, using: &random)) }
    return Field(text: values.sorted().map(String.init).joined(separator: ","), values: values)
  }

  private static func step(_ step: Int, _ range: ClosedRange<Int>) -> Field {
    Field(text: "*/\(step)", values: Set(stride(from: range.lowerBound, through: range.upperBound, by: step)))
  }
}
