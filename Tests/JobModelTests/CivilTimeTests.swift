import Foundation
import JobModel
import Testing
import Seeded

/// Our calendar against Foundation's.
struct CivilTimeTests {
  @Test func randomInstantsAreTheSameDayAsFoundationSays() throws {
    var random = SplitMix(seed: 11)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for round in 0..<20_000 {
      let range: ClosedRange<Int64> = round % 4 == 0 ? -11_000_000_000...0 : 0...4_102_444_799  // from 1621; to 2100
      let second = Int64.random(in: range, using: &random)
      let fraction = Int64.random(in: 0..<1_000_000, using: &random)
      let time = Timestamp(microseconds: second * 1_000_000 + fraction).civilUTC
      let parts = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(second)))
      try #require(time.year == parts.year && time.month == parts.month && time.day == parts.day, "\(second)")
      try #require(time.hour == parts.hour && time.minute == parts.minute && time.second == parts.second, "\(second)")
      try #require(time.microsecond == Int(fraction), "\(second)")
    }
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000Z"),
      (4_107_542_399_999_999, "2100-02-28T23:59:59.999Z"), (4_107_542_400_000_000, "2100-03-01T00:00:00.000Z"),
      (-62_167_219_200_000_000, "0000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func instantsAreWrittenInISO8601(_ microseconds: Int64, _ text: String) {
    #expect(Timestamp(microseconds: microseconds).iso8601 == text)
  }
}
