import ArgumentParser
import ControlAPI
import Cron
import JobModel

/// Says what a cron expression means.
struct ScheduleExplain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say in English what a cron expression means, and what may surprise.")

  @Argument(help: "The expression, in quotes.")
  var expression: String

  @OptionGroup var options: ExpressionOptions
  @OptionGroup var global: GlobalOptions

  private static let shownInstants = 5

  func validate() throws { try options.validate(nil) }

  private struct Document: Encodable {
    struct Field: Encodable { var field: String, text: String, values: [Int] }

    var expression: String
    var summary: String
    var zone: String
    var fields: [Field]
    var warnings: [String]
    var next: [String]
  }

  func run() async throws {
    let schedule = try options.schedule(of: expression)
    guard let parsed = schedule.expressions.first else { throw CommandError(.fault, "the expression has gone") }
    let reading = ExpressionReading(parsed, hashKey: options.job ?? "")
    let warnings = reading.warnings(job: options.job)
    let next = JobPlan(expression: expression, schedule).next(
      after: Timestamp.systemNow().wholeSeconds, count: Self.shownInstants)
    if global.json {
      return try global.console.print(
        json: Document(
          expression: expression, summary: parsed.summary, zone: schedule.zone.identifier,
          fields: reading.fields.map { .init(field: $0.name, text: $0.text, values: $0.values) }, warnings: warnings,
          next: next.filter(\.occurrence.isDue).map(\.localISO8601)))
    }
    try global.console.print("\(Words.printable(expression))  means  \(global.console.colored(parsed.summary, .bold))")
    for field in reading.fields where field.isHashed {
      try global.console.print(
        "H          \(field.name) \(Words.printable(field.text)) is \(Words.list(field.values.map(String.init)))"
          + (options.job.map { " for job \($0)" } ?? ""))
    }
    for warning in warnings { try global.console.print(global.console.colored("note", .yellow) + "       " + warning) }
    let now = Timestamp.systemNow()
    for (index, instant) in next.enumerated() {
      let head = index == 0 ? "next       " : "           "
      let remark = instant.remark.map { "  " + global.console.colored($0, .yellow) } ?? ""
      try global.console.print(
        "\(head)\(LocalText.full(instant.instant, instant.zone))  \(Words.relative(instant.instant, to: now))\(remark)")
    }
    if next.isEmpty {
      try global.console.print(
        "next       " + (schedule.isReboot ? "when the daemon first starts after the machine did" : "never"))
    }
    try global.console.print("zone       \(schedule.zone.identifier)")
  }
}
