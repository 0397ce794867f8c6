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
  /// Due at every boot and at no other time.
  var isReboot = false
  /// Of every minute that matches; nil: five fields, so 0.
  var seconds: [Int]?
  /// How much later than its instant a run may begin.
  var spread = Duration.zero
  var jitter = Duration.zero
  /// Empty for `@every` and `@reboot`.
  var expressions: [Expression] = []
  /// Seconds, whole minutes.
  var period: Int64?
  var exclusion: Expression?
  /// UTC seconds.
  var window: Range<Int64>?
  var start: Int64?
  var end: Int64?

  init(of job: String, in year: Range<Int64>, using random: inout SplitMix) {
    zone = Self.zones.randomElement(using: &random)!
    dst = DSTPolicy.allCases.randomElement(using: &random)!
    if Int.random(in: 0..<4, using: &random) == 0 { spread = .seconds([1, 900, 5_000].randomElement(using: &random)!) }
    if Int.random(in: 0..<4, using: &random) == 0 { jitter = .seconds([1, 60, 1_000].randomElement(using: &random)!) }
    if Int.random(in: 0..<30, using: &random) == 0 {
      isReboot = true
      return
    }
    if Int.random(in: 0..<12, using: &random) == 0 {
      period = 60 * Int64([20, 45, 90, 360, 1_000, 5_000].randomElement(using: &random)!)
    } else {
      for _ in 0..<(Int.random(in: 0..<5, using: &random) == 0 ? 2 : 1) {
        expressions.append(Self.expression(job, using: &random))
      }
      // Where the clocks never change: what seconds there would mean is Cron's own business, and its tests'.
      if zone == "UTC" || zone == "Asia/Kolkata", Int.random(in: 0..<2, using: &random) == 0 {
        seconds = Self.list(Int.random(in: 1...3, using: &random), 0...59, &random).values.sorted()
      }
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
    let first = seconds.map { $0.map(String.init).joined(separator: ",") + " " } ?? ""
    let texts = isReboot ? ["@reboot"] : period.map { ["@every \($0)s"] } ?? expressions.map { first + $0.text }
    var spec = ScheduleSpec(name: name, expressions: texts, zone: zone)
    if seconds != nil { spec.format = .seconds }
    spec.dst = dst
    spec.spread = spread
    spec.jitter = jitter
    spec.start = start.map(Timestamp.init(seconds:))
    spec.end = end.map(Timestamp.init(seconds:))
    if let exclusion { spec.exclusions.append(.expression((seconds == nil ? "" : "* ") + exclusion.text)) }
    if let window {
      spec.exclusions.append(
        .window(from: Timestamp(seconds: window.lowerBound), to: Timestamp(seconds: window.upperBound)))
    }
    return spec
  }

  private static func expression(_ job: String, using random: inout SplitMix) -> Expression {
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
    if Int.random(in: 0..<12, using: &random) == 0 { expression.minute = hash(of: job, field: 1, 0...59) }
    if !expression.hour.isStar, Int.random(in: 0..<12, using: &random) == 0 {
      expression.hour = hash(of: job, field: 2, 0...23)
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

  /// `H`: what docs/cron.md promises to be the same for ever. FNV-1a of the job's name, the field's place added in units of the golden
  /// ratio, SplitMix64's last step.
  private static func hash(of job: String, field: UInt64, _ range: ClosedRange<Int>) -> Field {
    var key: UInt64 = 14_695_981_039_346_656_037
    for byte in job.utf8 { key = (key ^ UInt64(byte)) &* 1_099_511_628_211 }
    key = key &+ (field + 1) &* 11_400_714_819_323_198_485
    key = (key ^ key >> 30) &* 13_787_848_793_156_543_929
    key = (key ^ key >> 27) &* 10_723_151_780_598_845_931
    key ^= key >> 31
    return Field(text: "H", values: [range.lowerBound + Int(key % UInt64(range.count))])
  }

  private static func step(_ step: Int, _ range: ClosedRange<Int>) -> Field {
    Field(text: "*/\(step)", values: Set(stride(from: range.lowerBound, through: range.upperBound, by: step)))
  }
}
