import ArgumentParser
import ControlAPI
import Cron
import Foundation
import JobModel

/// Says what became of a job's due instants.
struct Why: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Say what became of a job's due instants: which ran, which did not, and why.",
    discussion: """
      Without a TIME the last ones are listed. A TIME is written as \(TimeText.forms); one to the minute means what was due in that \
      minute, a day means the whole day.
      """)

  @Argument(help: "The job's name.", completion: .jobs)
  var job: String

  @Argument(help: "When it should have run, or did.")
  var time: [String] = []

  @Option(help: ArgumentHelp("The zone of local times. Default: the machine's.", valueName: "zone"))
  var tz: String?

  @Option(
    help: ArgumentHelp(
      "Only instants of this fate; may be given several times.",
      discussion: InstantFate.allCases.map(\.name).joined(separator: ", ")), completion: .list(InstantFate.allCases.map(\.name))
  )
  var fate: [String] = []

  @Option(help: "At most so many, 1 to 1000.")
  var limit = 20

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard (1...1_000).contains(limit) else { throw ValidationError("--limit must be 1 to 1000, is \(limit)") }
    for name in fate where InstantFate(name: name) == nil {
      let suggestion = InstantFate.allCases.map(\.name).nearest(to: name).map { "; did you mean \"\($0)\"?" } ?? ""
      throw ValidationError("--fate \"\(name)\" is no fate of an instant\(suggestion)")
    }
  }

  func run() async throws {
    let control = try Installation(global).control()
    let answer = WhyAnswer(
      job: job, control: control, zone: try TimeText.zone(tz), console: global.console, isJSON: global.json)
    if time.isEmpty { return try await answer.last(limit, fates: fate) }
    let text = time.joined(separator: " ")
    try await answer.about(try TimeText.instant(text, option: "the time", zone: tz, leaning: .past), text: text, limit: limit)
  }
}
