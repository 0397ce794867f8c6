import Foundation
import Testing

@testable import CostOptimizer

@Suite struct ReportTests {
  private func report(_ functions: [FunctionReport], trend: Trend = Trend()) -> AccountReport {
    AccountAnalyst(job: "costs", region: "us-east-1", window: Fixture.window, limits: Thresholds(), priceSource: "list prices")
      .report(functions, trend: trend)
  }

  private func analysed(_ name: String, calls: Double) -> FunctionReport {
    let subject = Fixture.subject(FunctionFacts(name: name, memoryMB: 2_048, timeoutSeconds: 300), Fixture.usage(calls: calls))
    var one = FunctionReport(function: subject.function, state: .measured, usage: subject.usage)
    one.cost = subject.model.cost(of: subject.workload)
    one.dailyCost = Fixture.repeated((one.cost?.total ?? 0) / 30, 30)
    let verdict = Advisor(now: Fixture.window.to).verdict(on: subject)
    (one.recommendations, one.saving) = (verdict.recommendations, verdict.saving)
    return one
  }

  private func texts(_ report: AccountReport) throws -> [String] {
    [
      MarkdownReport(report).text, HTMLReport(report).text, String(decoding: try JSONReport.bytes(report), as: UTF8.self),
    ]
  }

  @Test func anEmptyAccountMakesSense() throws {
    for text in try texts(report([])) {
      #expect(text.contains("No functions") && !text.contains("nan") && !text.contains("inf"), "\(text)")
    }
    #expect(!HTMLReport(report([])).text.contains("<svg"))
  }

  @Test func functionsThatCostNothingMakeSense() throws {
    for text in try texts(report([analysed("idle", calls: 0)])) {
      #expect(text.contains("idle") && !text.contains("nan") && !text.contains("inf"))
    }
  }

  @Test func onlyUnknownOnesMakeSense() throws {
    let report = report([.unknown(FunctionFacts(name: "f"), "no answer")])
    for text in try texts(report) { #expect(text.contains("no answer") && !text.contains("nothing stands out")) }
    #expect(HTMLReport(report).text.contains("nothing was measured"))
  }

  @Test func theTotalsAreThere() throws {
    let report = report([analysed("shop", calls: 3e6), analysed("mail", calls: 3e5)])
    let markdown = MarkdownReport(report).text
    // 1,200,000 GB-s and 120,000 GB-s at 0.0000166667, 3.3 million calls at 0.20.
    #expect(abs(report.cost.total - (1_320_000 * 0.0000166667 + 0.66)) < 1e-9)
    #expect(markdown.contains("| Cost a month | $22.66 |") && markdown.contains("memory 2,048 → 1,024 MB"))
    let page = HTMLReport(report).text
    #expect(page.contains("$22.66") && page.components(separatedBy: "<svg").count == 4)
    let json = try JSONDecoder().decode(AccountReport.self, from: Data(try JSONReport.bytes(report)))
    #expect(json == report)
  }

  @Test func thePageLoadsNothingAndIsWellFormed() throws {
    var trend = Trend()
    trend.add(Trend.Month(month: "2023-10", cost: 20, saving: 1, functions: 2, unknown: 0))
    let page = HTMLReport(
      report([analysed("shop", calls: 3e6), .unknown(FunctionFacts(name: "x"), "no answer")], trend: trend)
    ).text
    for word in ["http:", "https:", "src=", "href=", "url(", "<script", "@import"] { #expect(!page.contains(word), "\(word)") }
    struct Verdict: Decodable {
      var problems: [String]
      var charts: Int
    }
    let verdict: Verdict = try Oracle.ask("page.py", page)
    #expect(verdict.problems.isEmpty && verdict.charts == 4, "\(verdict)")
  }

  @Test func namesCannotWriteIntoThePage() {
    let name = "<script>alert(\"x\")</script>|a`b"
    var nasty = analysed(name, calls: 3e6)
    nasty.function.runtime = "<b>"
    let report = report([nasty, .unknown(FunctionFacts(name: "<i>"), "<u>\n|")])
    let page = HTMLReport(report).text
    #expect(!page.contains("<script") && !page.contains("<b>|") && !page.contains("<u>") && page.contains("&lt;script&gt;"))
    let markdown = MarkdownReport(report).text
    #expect(markdown.contains("\\<script>alert(\"x\")\\</script>\\|a\\`b"))
    // No cell ends before its time.
    let bars = markdown.split(separator: "\n").filter { $0.hasPrefix("| \\<script") }
    #expect(bars.count == report.functions[0].recommendations.count + 1)
  }

  @Test func longListsAreCut() {
    let many = (0..<600).map { analysed("f\($0)", calls: 3e6) }
    let markdown = MarkdownReport(report(many)).text
    #expect(markdown.contains("100 more are in `cost-report.json`"))
    #expect(HTMLReport(report(many)).text.utf8.count < 1 << 20)
  }
}

@Suite struct FigureTests {
  @Test(arguments: [
    (0.0, "$0.00"), (0.004, "<$0.01"), (-0.004, ">−$0.01"), (0.005, "$0.01"), (1_234.565, "$1,234.57"),
    (-1_234.5, "−$1,234.50"),
    (999_999.999, "$1,000,000.00"), (.nan, "$–"), (.infinity, "$–"),
  ])
  func money(_ dollars: Double, _ text: String) { #expect(Money.text(dollars) == text) }

  @Test(arguments: [(0.0, "0 %"), (0.5, "50 %"), (0.123, "12.3 %"), (1.650005, "165 %"), (0.0001, "<0.1 %"), (-0.25, "−25 %")])
  func percent(_ share: Double, _ text: String) { #expect(Figure.percent(share) == text) }

  @Test(arguments: [(0.04, "0.0 ms"), (9.9, "9.9 ms"), (10, "10 ms"), (9_994, "9,994 ms"), (12_345, "12.3 s")])
  func durations(_ value: Double, _ text: String) { #expect(Figure.milliseconds(value) == text) }

  @Test(arguments: [(0.0, 1.0), (1, 1), (3.7, 4), (0.0123, 0.015), (99, 100), (101, 150), (.infinity, 1)])
  func axesEndOnRoundMarks(_ largest: Double, _ top: Double) {
    let scale = Scale(upTo: largest)
    #expect(abs(scale.top - top) < 1e-9 && scale.marks.count >= 2 && scale.marks.count <= 6, "\(scale.marks)")
  }
}
