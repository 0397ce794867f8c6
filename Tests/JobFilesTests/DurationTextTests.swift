import JobFiles
import Testing

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("90s", Duration.seconds(90)), ("5m", .seconds(300)), ("24h", .seconds(86_400)), ("1h30m", .seconds(5_400)),
    ("250ms", .milliseconds(250)), ("0", .zero), ("0s", .zero), ("1.5s", .milliseconds(1_500)), ("7d", .seconds(604_800)),
    ("1d2h3m4s5ms6us", .microseconds(93_784_005_006)),
  ])
  func parses(_ text: String, _ duration: Duration) {
    #expect(DurationText.parse(text) == duration)
    #expect(DurationText.parse(DurationText.format(duration)) == duration)
  }

  @Test(arguments: ["", "5", "s", "-1s", "1 s", "1s1m", "1m1m", "1.2.3s", "1e3s", "١s", "999999999d", "infs"])
  func refuses(_ text: String) { #expect(DurationText.parse(text) == nil) }

  @Test(arguments: [
    ("512MiB", 536_870_912 as Int64), ("2GiB", 2_147_483_648), ("0", 0), ("1.5KiB", 1_536), ("10 MB", 10_000_000),
  ])
  func parses_sizes(_ text: String, _ bytes: Int64) { #expect(SizeText.parse(text) == bytes) }

  @Test(arguments: ["", "5", "MiB", "-1MiB", "1mib", "1e99GiB"])
  func refuses_sizes(_ text: String) { #expect(SizeText.parse(text) == nil) }
}
