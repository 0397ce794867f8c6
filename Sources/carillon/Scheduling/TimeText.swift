import ControlAPI
import Cron
import JobFiles
import JobModel

/// Times as people write them on the command line:
///
///     now   in 10m   2h ago   2026-03-29T02:30:00+02:00   2026-03-29 02:30   2026-03-29
///     14:00   14:00:30   today 14:00   yesterday   tomorrow 02:00   monday 08:00
struct TimeText {
  /// Which of several readings is meant.
  enum Leaning {
    /// A time of day alone is the next one.
    case future
    /// … the last one.
    case past
  }

  /// A time that was read.
  struct Reading: Hashable {
    var instant: Timestamp
    /// What a person should know: the time comes twice, or never.
    var remark: String?
    /// How finely it was written: the stretch that is meant begins at the instant and is this long.
    var precision: Duration
  }

  private static let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
  static let forms =
    "2026-12-24 18:30, 2026-12-24T18:30:00Z, 14:00, yesterday 14:00, tomorrow 02:00, monday 08:00, in 10m, 2h ago or now"

  var now: Timestamp
  /// In which local times are meant.
  var zone: ZoneRules
  var leaning: Leaning

  /// nil: it is no time.
  func read(_ text: String) -> Reading? {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
    if let relative = relative(words) { return Reading(instant: relative, remark: nil, precision: .seconds(1)) }
    if let instant = Timestamp(iso8601: text.trimming) {
      return Reading(
        instant: instant, remark: nil, precision: text.split(separator: ":").count > 3 ? .seconds(1) : .seconds(60))
    }
    if words.count <= 2, let first = words.first, first.contains("-") || first.contains("t"), let local = date(words) {
      return reading(local.time, local.precision)
    }
    let today = zone.local(at: now.wholeSeconds).ordinal / 86_400
    switch words.count {
    case 1:
      if let day = day(words[0], today) { return reading(LocalTime(ordinal: day * 86_400), .seconds(86_400)) }
      guard let (second, precision) = timeOfDay(words[0]) else { return nil }
      return nearest(second, today, precision)
    case 2:
      guard let day = day(words[0], today), let (second, precision) = timeOfDay(words[1]) else { return nil }
      return reading(LocalTime(ordinal: day * 86_400 + second), precision)
    default: return nil
    }
  }

  private func relative(_ words: [String]) -> Timestamp? {
    if words == ["now"] { return now }
    guard words.count == 2 else { return nil }
    if words[0] == "in", let duration = DurationText.parse(words[1]) { return now + duration }
    if words[1] == "ago", let duration = DurationText.parse(words[0]) { return now - duration }
    return nil
  }

  private func date(_ words: [String]) -> (time: LocalTime, precision: Duration)? {
    let text = words.joined(separator: " ").uppercased()
    do throws(CronError) {
      return (try LocalTime(text), .seconds(text.count == 10 ? 86_400 : text.count == 16 ? 60 : 1))
    } catch { return nil }  // the caller says which forms there are
  }

  /// The day's number, from 1970-01-01.
  private func day(_ word: String, _ today: Int64) -> Int64? {
    switch word {
    case "today": return today
    case "yesterday": return today - 1
    case "tomorrow": return today + 1
    default: break
    }
    guard word.count >= 3, let wanted = Self.days.firstIndex(where: { $0.hasPrefix(word) }) else { return nil }
    let here = LocalTime(ordinal: today * 86_400).dayOfWeek
    let ahead = Int64((wanted - here + 7) % 7)
    switch leaning {
    case .future: return today + (ahead == 0 ? 7 : ahead)
    case .past: return today + ahead - 7
    }
  }

  /// Seconds from midnight.
  private func timeOfDay(_ word: String) -> (second: Int64, precision: Duration)? {
    let parts = word.split(separator: ":", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts.allSatisfy({ $0.count == 2 || ($0.count == 1 && parts[0] == $0) }) else {
      return nil
    }
    let numbers = parts.compactMap { $0.allSatisfy(\.isASCII) ? Int64($0) : nil }
    guard numbers.count == parts.count, (0..<24).contains(numbers[0]), numbers.dropFirst().allSatisfy({ (0..<60).contains($0) })
    else {
      return nil
    }
    let second = numbers[0] * 3_600 + numbers[1] * 60 + (numbers.count == 3 ? numbers[2] : 0)
    return (second, .seconds(numbers.count == 3 ? 1 : 60))
  }

  /// A time of day on the day that the leaning says.
  private func nearest(_ second: Int64, _ today: Int64, _ precision: Duration) -> Reading {
    let here = reading(LocalTime(ordinal: today * 86_400 + second), precision)
    switch leaning {
    case .future where here.instant <= now: return reading(LocalTime(ordinal: (today + 1) * 86_400 + second), precision)
    case .past where here.instant > now: return reading(LocalTime(ordinal: (today - 1) * 86_400 + second), precision)
    default: return here
    }
  }

  private func reading(_ local: LocalTime, _ precision: Duration) -> Reading {
    switch zone.reading(of: local) {
    case .once(let second): return Reading(instant: Timestamp(seconds: second), remark: nil, precision: precision)
    case .twice(let first, let second):
      return Reading(
        instant: Timestamp(seconds: first),
        remark:
          "\(local) comes twice in \(zone.identifier): \(LocalText.iso8601(Timestamp(seconds: first), zone)) is taken, and "
          + "\(LocalText.iso8601(Timestamp(seconds: second), zone)) is the other",
        precision: precision)
    case .never(let at):
      return Reading(
        instant: Timestamp(seconds: at),
        remark: "\(local) never comes in \(zone.identifier), the clocks go forward over it: "
          + "\(LocalText.iso8601(Timestamp(seconds: at), zone)) is taken, when they have",
        precision: precision)
    }
  }
}

extension TimeText {
  /// The time that an option names. Remarks go to standard error.
  static func instant(
    _ text: String, option: String, zone: String? = nil, leaning: Leaning
  ) throws(CommandError) -> Reading {
    let rules = try Self.zone(zone)
    guard let reading = TimeText(now: .systemNow(), zone: rules, leaning: leaning).read(text) else {
      throw CommandError(.usage, "\(option) \"\(Words.printable(text))\" is no time; write one as \(forms)")
    }
    if let remark = reading.remark { StandardStream.error.write("note: \(remark)\n") }
    return reading
  }

  /// The zone of that name; nil: the machine's own.
  static func zone(_ name: String?) throws(CommandError) -> ZoneRules {
    do throws(CronError) {
      guard let name else { return try ZoneRules.system() }
      return try ZoneRules.load(name)
    } catch {
      throw CommandError(.usage, error.message)
    }
  }
}

extension String {
  fileprivate var trimming: String {
    String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
