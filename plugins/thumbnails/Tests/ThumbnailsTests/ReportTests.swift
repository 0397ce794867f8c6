import Testing

@testable import Thumbnails

@Suite struct ReportTests {
  private func output(_ path: String, warning: String? = nil) -> ImageOutput {
    ImageOutput(
      source: path, bytes: 10, width: 1000, height: 1000,
      sizes: ["s": .init(key: "k", bytes: 4, width: 1, height: 1)], warning: warning)
  }

  @Test func keepsTheTenSlowest() {
    var report = RunReport(succeeded: 30, skipped: 0, dead: 0, cancelled: 0)
    for number in 0..<30 { report.add(output("\(number)"), took: .milliseconds(number * 7 % 30)) }
    #expect(report.slowest.map(\.milliseconds) == [29, 28, 27, 26, 25, 24, 23, 22, 21, 20])
    report.elapsedSeconds = 2
    #expect(report.megapixelsPerSecond == 15 && report.bytesIn == 300 && report.bytesOut == 120)
  }

  @Test func namesCannotLeaveTheirPlaceInThePage() {
    var sheet = ContactSheet(title: "<script>")
    sheet.add(output(#"a"><script>alert(1)</script>.jpg"#, warning: #"""#), jpeg: [1, 2, 3])
    sheet.addFailure(path: "<b>", reason: "a < b & c")
    let html = sheet.html(RunReport(succeeded: 1, skipped: 0, dead: 1, cancelled: 0))
    #expect(!html.contains("<script>") && html.contains("a &lt; b &amp; c") && html.contains("base64,AQID"))
  }

  @Test func inlinesUpToABound() {
    var sheet = ContactSheet(title: "t")
    let large = [UInt8](repeating: 0, count: ContactSheet.maxImageBytes)
    #expect(sheet.hasRoom(for: large.count) && !sheet.hasRoom(for: large.count + 1))
    sheet.add(output("a"), jpeg: large)
    #expect(!sheet.hasRoom(for: 1))
    sheet.add(output("b"), jpeg: nil)
    #expect(sheet.html(RunReport(succeeded: 2, skipped: 0, dead: 0, cancelled: 0)).contains("1 more images are not shown"))
  }
}
