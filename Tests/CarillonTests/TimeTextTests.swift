import Cron
import JobModel
import Testing

@testable import carillon

@Suite struct TimeTextTests {
  /// Monday 2026-11-23 12:00 in Berlin.
  private static let now = Timestamp(seconds: 1_795_431_600)

  private func read(_ text: String, _ leaning: TimeText.Leaning, at now: Timestamp = Self.now) throws -> String? {
    let zone = try ZoneRules.load("Europe/Berlin")
    return TimeText(now: now, zone: zone, leaning: leaning).read(text).map { LocalText.full($0.instant, zone) }
  }

  @Test(arguments: [
    ("now", "Mon 2026-11-23 12:00:00 +01:00"), ("in 10m", "Mon 2026-11-23 12:10:00 +01:00"),
    ("1h30m ago", "Mon 2026-11-23 10:30:00 +01:00"), ("2026-12-24", "Thu 2026-12-24 00:00:00 +01:00"),
    ("2026-12-24 18:30", "Thu 2026-12-24 18:30:00 +01:00"), ("2026-12-24T18:30:05", "Thu 2026-12-24 18:30:05 +01:00"),
    ("2026-12-24T18:30:00Z", "Thu 2026-12-24 19:30:00 +01:00"), ("2026-07-01T00:00+05:30", "Tue 2026-06-30 20:30:00 +02:00"),
    ("today 14:00", "Mon 2026-11-23 14:00:00 +01:00"), ("Yesterday 14:00", "Sun 2026-11-22 14:00:00 +01:00"),
    ("tomorrow 02:00:30", "Tue 2026-11-24 02:00:30 +01:00"), ("tomorrow", "Tue 2026-11-24 00:00:00 +01:00"),
  ]) func times(_ text: String, _ expected: String) throws {
    #expect(try read(text, .future) == expected)
    #expect(try read(text, .past) == expected)
  }

  @Test(arguments: [
    ("14:00", "Mon 2026-11-23 14:00:00 +01:00", "Sun 2026-11-22 14:00:00 +01:00"),
    ("9:05", "Tue 2026-11-24 09:05:00 +01:00", "Mon 2026-11-23 09:05:00 +01:00"),
    ("monday 08:00", "Mon 2026-11-30 08:00:00 +01:00", "Mon 2026-11-16 08:00:00 +01:00"),
    ("sat", "Sat 2026-11-28 00:00:00 +01:00", "Sat 2026-11-21 00:00:00 +01:00"),
  ]) func what_is_short_leans(_ text: String, _ future: String, _ past: String) throws {
    #expect(try read(text, .future) == future)
    #expect(try read(text, .past) == past)
  }

  @Test(arguments: [
    "", "soon", "in", "in 10", "ago 10m", "25:00", "12:60", "1:5", "12", "2026-13-01", "2026-02-30", "2026-11-23 12:00 Z",
    "yesterday noon", "monday 8", "14:00 yesterday", "2026-11-23T12:00:00+25:00",
  ]) func what_is_no_time(_ text: String) throws { #expect(try read(text, .future) == nil) }

  @Test func a_time_that_never_comes_and_one_that_comes_twice() throws {
    let zone = try ZoneRules.load("Europe/Berlin")
    let text = TimeText(now: Self.now, zone: zone, leaning: .past)
    let gap = try #require(text.read("2026-03-29 02:30"))
    #expect(LocalText.full(gap.instant, zone) == "Sun 2026-03-29 03:00:00 +02:00")
    #expect(gap.remark?.contains("never comes in Europe/Berlin") == true)
    let fold = try #require(text.read("2026-10-25 02:30"))
    #expect(LocalText.full(fold.instant, zone) == "Sun 2026-10-25 02:30:00 +02:00")
    #expect(fold.remark?.contains("comes twice") == true && fold.remark?.contains("02:30:00+01:00 is the other") == true)
  }

  @Test(arguments: [("2026-12-24", 86_400), ("14:00", 60), ("14:00:01", 1), ("2026-12-24 18:30", 60), ("yesterday", 86_400)])
  func how_finely_it_was_written(_ text: String, _ seconds: Int) throws {
    let reading = TimeText(now: Self.now, zone: try ZoneRules.load("UTC"), leaning: .past).read(text)
    #expect(reading?.precision == .seconds(seconds))
  }
}
