import ControlAPI
import Foundation
import JobModel
import Testing

@testable import carillon

@Suite struct OutputTests {
  private func progress(ended: Int, total: Int, discovered: Bool = true) -> RunProgressDocument {
    var counts = RunDocument.Counts()
    counts.total = total
    counts.succeeded = ended
    counts.available = total - ended
    return RunProgressDocument(
      run: "r", job: "a", state: "running", counts: counts, inFlight: 0, workers: 1, isDiscovered: discovered,
      endedHere: ended, elapsedS: 0, waitsFor: nil)
  }

  @Test(arguments: [20, 40, 60, 80, 120, 300]) func a_bar_fits_its_terminal(_ width: Int) {
    var progress = progress(ended: 12_345, total: 400_000)
    progress.counts.dead = 3
    progress.counts.retrying = 17
    progress.inFlight = 64
    progress.waitsFor = "the breaker of the dependency storage to close"
    var rate = RateMeter()
    rate.note(ended: 0, at: .zero)
    rate.note(ended: 10_000, at: .seconds(8))
    let line = ProgressLine(job: "thumbnails", progress: progress, rate: rate)
    #expect(line.bar(width: width, tick: 3).count < width)
  }

  @Test func the_words_of_a_log_line() {
    var rate = RateMeter()
    rate.note(ended: 0, at: .zero)
    rate.note(ended: 100, at: .seconds(2))
    var progress = progress(ended: 100, total: 400)
    progress.inFlight = 8
    #expect(
      ProgressLine(job: "a", progress: progress, rate: rate).text
        == "a: 100 of 400 done, 50/s, 6.0 s left, 8 in flight")
    progress.isDiscovered = false
    #expect(
      ProgressLine(job: "a", progress: progress, rate: rate).text
        == "a: 100 of 400 found so far done, 50/s, 8 in flight")
  }

  @Test func a_rate_forgets_what_is_long_ago() throws {
    var rate = RateMeter()
    #expect(rate.perSecond == nil)
    for second in 0...60 { rate.note(ended: second < 30 ? 0 : (second - 30) * 10, at: .seconds(second)) }
    #expect(abs(try #require(rate.perSecond) - 10) < 0.01)
  }

  @Test(arguments: [
    (Duration.microseconds(850), "850 µs"), (.milliseconds(12), "12 ms"), (.milliseconds(3_400), "3.4 s"),
    (.seconds(125), "2m 05s"), (.seconds(11_220), "3h 07m"), (.seconds(442_800), "5d 3h"),
  ])
  func durations(_ duration: Duration, _ text: String) { #expect(Words.duration(duration) == text) }

  @Test(arguments: [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000")])
  func counts(_ number: Int, _ text: String) { #expect(Words.count(number) == text) }

  @Test(arguments: [(1, "just now"), (20, "20 s ago"), (180, "3 min ago"), (-20, "in 20 s"), (7_200, "2 h ago")])
  func relative_times(_ seconds: Int, _ text: String) {
    let now = Timestamp(microseconds: 1_700_000_000_000_000)
    #expect(Words.relative(Timestamp(microseconds: now.microseconds - Int64(seconds) * 1_000_000), to: now) == text)
  }

  @Test func text_from_elsewhere_cannot_steer_the_terminal() {
    #expect(Words.printable("a\u{1b}[2Jb\nc\u{202e}d") == "a\\u{1b}[2Jb c\\u{202e}d")
  }

  @Test func every_exit_code_is_in_the_manual() throws {
    let manual = try String(contentsOfFile: "\(Program.root)/docs/manual.md", encoding: .utf8)
    for status in ExitStatus.allCases { #expect(manual.contains("| \(status.rawValue) |"), "\(status)") }
  }

  @Test func JSON_keeps_the_keys_of_others_as_they_are() throws {
    struct Document: Encodable {
      var theReport: JSONValue
      var empty: [Int] = []
    }
    let text = try JSONOutput.document(Document(theReport: .object(["bytesIn": .int(1), "with_line": .string("[\n\n]")])))
    #expect(text.contains("\"the_report\"") && text.contains("\"bytesIn\"") && text.contains("\"with_line\" : \"[\\n\\n]\""))
    #expect(text.contains("\"empty\" : []"))
  }
}
