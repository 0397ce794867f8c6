import ArgumentParser
import ControlAPI
import Cron
import JobModel

/// How a cron expression on the command line is read.
struct ExpressionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The zone of an expression, and of times. Default: the machine's.", valueName: "zone"))
  var tz: String?

  @Option(
    help: ArgumentHelp("Fields of an expression: 5, 6 (seconds first) or 7 (seconds first, year last).", valueName: "5|6|7"))
  var fields: Int?

  @Option(
    help: ArgumentHelp(
      "What changes of the clocks do to an expression: debian, literal, skip. Default: debian.", valueName: "policy"),
    completion: .list(DSTPolicy.allCases.map(\.rawValue)))
  var dst: String?

  @Option(help: ArgumentHelp("The job whose name H in an expression is chosen by.", valueName: "job"), completion: .jobs)
  var job: String?

  /// Cron expressions have blanks in them, or begin with `@`; names of jobs do not.
  static func isExpression(_ text: String) -> Bool { text.contains(where: \.isWhitespace) || text.hasPrefix("@") }

  /// - Parameter subject: what the options go with.
  func validate(_ subject: String?) throws {
    if let fields, CronFormat(rawValue: fields) == nil { throw ValidationError("--fields must be 5, 6 or 7, is \(fields)") }
    if let dst, DSTPolicy(rawValue: dst) == nil {
      throw ValidationError("--dst must be debian, literal or skip, is \"\(dst)\"")
    }
    guard let subject, !Self.isExpression(subject) else { return }
    for (option, isSet) in [("--fields", fields != nil), ("--dst", dst != nil), ("--job", job != nil)] where isSet {
      throw ValidationError("\(option) goes with an expression; a job's file says its own")
    }
  }

  func schedule(of text: String) throws(CommandError) -> Schedule {
    let zone = try TimeText.zone(tz)
    do throws(CronError) {
      let expression = try CronExpression(
        text, format: fields.flatMap(CronFormat.init(rawValue:)) ?? .minutes, hashKey: job ?? "")
      return try Schedule(expressions: [expression], zone: zone, dst: dst.flatMap(DSTPolicy.init(rawValue:)) ?? .debian)
    } catch {
      throw CommandError(.usage, "\"\(Words.printable(text))\": \(error)")
    }
  }

  func plan(of text: String) throws(CommandError) -> JobPlan {
    let schedule = try schedule(of: text)
    return JobPlan(expression: text, schedule)
  }
}
