import Testing

@testable import CostOptimizer

@Suite struct WindowTests {
  @Test func wholeDaysUpToTheFullHour() {
    let window = Window(days: 30, before: 1_700_000_000)  // 2023-11-14T22:13:20Z
    #expect(window.to == 1_699_999_200 && window.from == 1_699_999_200 - 30 * 86_400)
    #expect(window.days == 30 && window.monthFactor == 1)
    #expect(Window(days: 7, before: 1_700_000_000).monthFactor == 30.0 / 7)
    #expect(window.day(of: window.from) == 0 && window.day(of: window.to - 1) == 29)
    // An endpoint that puts its points on midnight has one before the window begins.
    #expect(window.day(of: window.from - 3_600) == 0 && window.day(of: window.to) == 29)
    #expect(window.date(ofDay: 0) == "2023-10-15" && Day.month(window.to) == "2023-11")
  }
}
