import ControlAPI
import JobModel
import Testing

@Suite struct InstantTextTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59.5Z", -500_000), ("2026-11-23T08:00:00+01:00", 1_795_417_200_000_000),
    ("2026-11-23t07:00z", 1_795_417_200_000_000), ("2026-11-23 02:30:00-0430", 1_795_417_200_000_000),
    ("2000-02-29T12:00:00.123456789Z", 951_825_600_123_456), ("9999-12-31T23:59:59Z", 253_402_300_799_000_000),
  ])
  func instantsAreRead(_ text: String, _ microseconds: Int64) {
    #expect(Timestamp(iso8601: text)?.microseconds == microseconds, "\(text)")
  }

  @Test(arguments: [
    "", "now", "2026-11-23", "2026-11-23T08:00:00", "2026-11-23T08:00:00+25:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z", "2026-11-23T08:00:60Z",
    "2026-11-23T08:00:00Zx", " 2026-11-23T08:00:00Z", "2026-1-23T08:00:00Z", "2026-11-23T08:00:00.Z", "20261-11-23T08:00:00Z",
  ])
  func otherTextsAreNone(_ text: String) { #expect(Timestamp(iso8601: text) == nil, "\(text)") }

  @Test func whatIsWrittenIsReadBack() {
    for second in stride(from: Int64(-5_000_000_000), through: 40_000_000_000, by: 86_399 * 97) {
      let instant = Timestamp(microseconds: second * 1_000_000 + 123_000)
      #expect(Timestamp(iso8601: instant.iso8601) == instant, "\(instant.iso8601)")
    }
  }
}
