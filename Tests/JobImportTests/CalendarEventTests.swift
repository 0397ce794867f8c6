import Foundation
import Seeded
import Testing

@testable import JobImport

@Suite struct CalendarEventTests {
  @Test(
    arguments: [
      ("Mon..Fri *-*-* 08:00:00", "0 8 * * 1-5", 5), ("hourly", "0 * * * *", 5), ("weekly", "0 0 * * 1", 5),
      ("minutely", "* * * * *", 5), ("quarterly", "0 0 1 1,4,7,10 *", 5), ("semi-annually", "0 0 1 1,7 *", 5),
      ("*:0/10", "*/10 * * * *", 5), ("*-*-* *:05,35:00", "5,35 * * * *", 5), (" 1:05:00", "5 1 * * *", 5),
      ("*-*-* 07..23:30", "30 7-23 * * *", 5), ("Sat,Sun,Mon", "0 0 * * 1,6-7", 5), ("Sunday", "0 0 * * 0", 5),
      ("05:40:23.0/20", "", 0), ("*:*:0/15", "*/15 * * * * *", 6), ("2027-03-01 9:5:7", "7 5 9 1 3 * 2027", 7),
      ("*-*~01", "0 0 L * *", 5), ("Mon *-05~07/1 4:00", "0 4 * 5 MONL", 5), ("12-24", "0 0 24 12 *", 5),
      ("1/2:0", "0 1-23/2 * * *", 5),
    ])
  func whatCronCanSay(_ text: String, _ cron: String, _ fields: Int) throws {
    guard fields > 0 else {
      #expect(throws: ImportError.self) { try CalendarEvent(text) }
      return
    }
    let event = try CalendarEvent(text)
    #expect(event.fieldCount == fields && event.cron(fields: fields) == cron)
    #expect(event.exclusions(fields: fields) == [] && event.zone == nil)
  }

  @Test func daysOfBothKindsAreJoinedByAnExclusion() throws {
    let event = try CalendarEvent("Sun *-*-1..7 1:00:00")
    #expect(event.cron(fields: 5) == "0 1 1-7 * *" && event.exclusions(fields: 5) == ["* * * * 1-6"])
    #expect(event.cron(fields: 7) == "0 0 1 1-7 * * *" && event.exclusions(fields: 7) == ["* * * * * 1-6 *"])
  }

  @Test(
    arguments: [
      ("daily Europe/Berlin", "Europe/Berlin"), ("Mon 8:00 UTC", "UTC"),
      ("*-*-* 2:00 America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
      ("12:00 CET", "CET"),
    ])
  func zones(_ text: String, _ zone: String) throws { #expect(try CalendarEvent(text).zone == zone) }

  @Test(
    arguments: [
      "", "Fri..Mon", "*:*/5", "*-12-*/2", "14", "Mon 8:00:00.5", "@1234567890", "25:00", "*-13-01", "fnord", "8:00 9:00",
      "*-*~02", "1:2:3:4",
      "*-*-* *:0/0", "2:70", "10:59/7",
    ])
  func whatIsNoneOrTooMuch(_ text: String) { #expect(throws: ImportError.self) { try CalendarEvent(text) } }

  private static let systemdAnalyze = ["/usr/bin/systemd-analyze", "/bin/systemd-analyze"].first { (path: String) in
    FileManager.default.isExecutableFile(atPath: path)
  }

  /// Seconds since 1970 by event; an empty list for one that systemd does not read.
  private static func elapses(_ events: [String], count: Int, after base: Int) throws -> [[Int]] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(systemdAnalyze))
    process.arguments = ["calendar", "--iterations=\(count)", "--base-time=@\(base)"] + events
    process.environment = ["TZ": "UTC", "LC_ALL": "C", "SYSTEMD_COLORS": "0"]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyy-MM-dd HH:mm:ss"
    var byEvent: [[Int]] = []
    for line in text.split(separator: "\n") {
      if line.contains("Normalized form:") { byEvent.append([]) }
      guard line.contains("Next elapse:") || line.contains("Iteration #") || line.contains("Iter. #"),
        let match = line.firstMatch(of: /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/), let date = formatter.date(from: String(match.1))
      else { continue }
      byEvent[byEvent.count - 1].append(Int(date.timeIntervalSince1970))
    }
    return byEvent
  }

  @Test(.enabled(if: systemdAnalyze != nil, "systemd-analyze is not installed: nothing was compared"))
  func systemdAgrees() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("seed of the calendar events: \(seed)")
    var random = SplitMix(seed: seed)
    let fixed = [
      "minutely", "hourly", "daily", "weekly", "monthly", "quarterly", "semiannually", "yearly", "Mon..Fri *-*-* 08:00:00",
      "Sun *-*-1..7 1:00:00",
      "*-*~01", "Mon *-05~07/1", "Sat,Sun *-*~07/1 3:00", "Fri *-*-13", "*-02-29", "1/2:0", "*-*-1/2", "*:*:0/7",
      "Mon-Fri 8:00", "2,4..6:00",
      "2028-02-29 12:00:01", "Wed *-12-24..31/3 4..20/5:7", "12-24", "28-1-1",
    ]
    let drawn = (0..<400).map { _ in Self.event(using: &random) }
    let isRead = { (text: String) in
      do throws(ImportError) {
        _ = try CalendarEvent(text)
        return true
      } catch {
        return false
      }
    }
    let events = fixed + drawn.filter(isRead)
    #expect(try Self.elapses(drawn.filter { !isRead($0) }, count: 1, after: 0) == [], "systemd reads what we refuse")
    let base = 1_795_500_000 + Int.random(in: 0..<100_000_000, using: &random)
    let expected = try Self.elapses(events, count: 4, after: base)
    guard expected.count == events.count else {
      let refused = try events.filter { try Self.elapses([$0], count: 1, after: base).isEmpty }
      Issue.record("systemd refuses what we read: \(refused)")
      return
    }
    for (text, instants) in zip(events, expected) {
      let event = try CalendarEvent(text)
      let fields = event.fieldCount
      let ours = CronInstants(crons: [event.cron(fields: fields)], exclude: event.exclusions(fields: fields)).first(
        4, after: base)
      // systemd looks further ahead than twelve years.
      #expect(
        ours == Array(instants.prefix(ours.count))
          && (ours.count == 4 || instants.dropFirst(ours.count).allSatisfy { $0 > base + 4_300 * 86_400 }),
        "\(text) became \(event.cron(fields: fields)) without \(event.exclusions(fields: fields)), base \(base)")
    }
  }

  private static func event(using random: inout SplitMix) -> String {
    func field(_ range: ClosedRange<Int>, _ star: Double) -> String {
      if Double.random(in: 0..<1, using: &random) < star { return "*" }
      return (0..<Int.random(in: 1...2, using: &random)).map { _ in
        let low = Int.random(in: range, using: &random)
        // A range of one second is refused by systemd 252, though one of a minute or an hour is not.
        guard low < range.upperBound else { return "\(low)" }
        let high = Int.random(in: (low + 1)...range.upperBound, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return "\(low)..\(high)"
        case 1: return "\(low)/\(Int.random(in: 1...7, using: &random))"
        case 2: return "\(low)..\(high)/\(Int.random(in: 1...5, using: &random))"
        default: return "\(low)"
        }
      }.joined(separator: ",")
    }
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let day = Int.random(in: 0..<7, using: &random)
    let weekdays = [
      "", "", "", names[day] + " ", "\(names[day])..\(names[Int.random(in: day..<7, using: &random)]) ", "\(names[day]),Sun ",
    ]
    let date = "*-\(field(1...12, 0.6))-\(field(1...28, 0.6)) "
    let time = "\(field(0...23, 0.4)):\(field(0...59, 0.3))" + (Bool.random(using: &random) ? ":\(field(0...59, 0.1))" : "")
    return weekdays.randomElement(using: &random)! + (Bool.random(using: &random) ? date : "") + time
  }
}
