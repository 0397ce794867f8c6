/// How many fields an expression has, and which. More than five only by choice: the same six words mean different times to
/// different programs, so nothing is guessed from their number.
public enum CronFormat: Int, Sendable, Codable, Hashable, CaseIterable {
  /// minute, hour, day of month, month, day of week: crontab(5).
  case minutes = 5
  /// second, then the five.
  case seconds = 6
  /// second, the five, year.
  case secondsAndYear = 7

  /// The fields in the order they are written.
  var fields: [CronField] {
    let five: [CronField] = [.minute, .hour, .dayOfMonth, .month, .dayOfWeek]
    switch self {
    case .minutes: return five
    case .seconds: return [.second] + five
    case .secondsAndYear: return [.second] + five + [.year]
    }
  }
}

/// One field of an expression.
enum CronField: String, Sendable, CaseIterable {
  case second
  case minute
  case hour
  case dayOfMonth = "day of month"
  case month
  case dayOfWeek = "day of week"
  case year

  /// The numbers that may stand in it. Sunday is 0 and 7, as in crontab(5).
  var range: ClosedRange<Int> {
    switch self {
    case .second, .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    case .year: YearSet.range
    }
  }

  /// What `H` chooses from: days that every month has, and each day of the week once.
  var hashRange: ClosedRange<Int> {
    switch self {
    case .dayOfMonth: 1...28
    case .dayOfWeek: 0...6
    default: range
    }
  }

  /// The names that may stand for numbers, the first for the least number.
  var names: [String] {
    switch self {
    case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
    default: []
    }
  }
}
