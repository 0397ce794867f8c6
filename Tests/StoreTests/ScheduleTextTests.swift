import Cron
import JobModel
import Seeded
import Testing

@testable import Store

/// A start writes the text of most schedules itself; were it another text than the encoder's, every schedule would begin anew.
struct ScheduleTextTests {
  @Test func textIsTheEncoders() throws {
    let seed = UInt64.random(in: .min ... .max)
    print("seed \(seed)")
    var random = SplitMix(seed: seed)
    let pieces = [
      "*", "5 4 * * *", "Etc/UTC", "a \"quoted\" name", "back\\slash", "tab\there", "ü", "\u{7f}", "/", "", "😀", "a",
    ]
    var own = 0
    for _ in 0..<2_000 {
      func text() -> String {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      }
      var spec = ScheduleSpec(
        name: text(), expressions: (0..<Int.random(in: 0...3, using: &random)).map { _ in text() }, zone: text())
      switch Int.random(in: 0..<12, using: &random) {
      case 0: spec.format = .seconds
      case 1: spec.dst = .skip
      case 2: spec.start = Timestamp(microseconds: 5)
      case 3: spec.exclusions = [.expression("* * 25 12 *")]
      case 4: spec.spread = .seconds(3)
      default: break
      }
      if NewSchedule.plainText(of: spec) != nil { own += 1 }
      #expect(String(decoding: try NewSchedule.text(of: spec), as: UTF8.self) == (try JSONColumn.encode(spec)))
    }
    #expect(own > 100)
  }
}
