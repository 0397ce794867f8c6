import ArgumentParser
import ControlAPI
import WorkerPool

/// Prints a run's log.
struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Print a run's log.", discussion: "With --json one object a line.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @Option(help: ArgumentHelp("Only lines of the item of this key.", valueName: "key"))
  var item: String?

  @Option(
    help: ArgumentHelp("Only lines of this level or a more serious one: debug, info, warning, error.", valueName: "level"),
    completion: .list(LogLevel.allCases.map(\.name)))
  var level: String?

  @Flag(name: .shortAndLong, help: "Go on while the run does.")
  var follow = false

  @OptionGroup var global: GlobalOptions

  /// What is asked for at once.
  static let pageBytes = 1_024 * 1_024
  private static let pollInterval = Duration.milliseconds(150)

  func validate() throws {
    if let level, !LogLevel.allCases.contains(where: { $0.name == level }) {
      throw ValidationError("--level must be debug, info, warning or error, is \"\(level)\"")
    }
  }

  func run() async throws {
    let control = try Installation(global).control()
    let id = try await control.run(run).id
    let least = LogLevel.allCases.first { $0.name == level }?.rawValue ?? 0
    let format = LogFormat(isJSON: global.json, console: global.console)
    var offset: Int64 = 0
    while true {
      let page = try await control.log(id, from: offset, limit: Self.pageBytes)
      for line in page.lines where (item == nil || line.item == item) && isSerious(line, least) {
        try global.console.print(format.line(line))
      }
      if page.next > offset {
        offset = page.next
        continue
      }
      if !page.isOpen || !follow { break }
      try await Task.sleep(for: Self.pollInterval)
    }
    if offset == 0 { StandardStream.error.write("run \(id) has no log\n") }
  }

  private func isSerious(_ line: LogDocument, _ least: UInt32) -> Bool {
    (LogLevel.allCases.first { $0.name == line.level }?.rawValue ?? LogLevel.info.rawValue) >= least
  }
}
