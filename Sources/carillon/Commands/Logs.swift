import ArgumentParser
import Engine
import JobModel
import Store
import WorkerPool

/// Prints a run's log.
struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a run's log.", discussion: "With --json one object a line.")

  @Argument(help: "The run: its id, a part of it, or \"last\".")
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

  private static let pollInterval = Duration.milliseconds(150)

  func validate() throws {
    if let level, !LogLevel.allCases.contains(where: { $0.name == level }) {
      throw ValidationError("--level must be debug, info, warning or error, is \"\(level)\"")
    }
  }

  func run() async throws {
    let installation = Installation(global)
    let store = try installation.reader()
    let record = try await store.run(reference: run)
    let path = installation.paths.log(of: record.id)
    let least = LogLevel.allCases.first { $0.name == level }?.rawValue ?? 0
    let format = LogFormat(isJSON: global.json, console: global.console)
    var reader: LogFile.Reader?
    while true {
      // Asked before the log is read to its end: what was written before the run ended is then not missed. A run that was
      // stopped, or whose process died, is over too: nobody has the lock.
      let hasEnded = try await store.run(record.number)?.state.isFinal ?? true
      let isOver = hasEnded || LockHolder.pid(of: "\(installation.paths.state)/lock") == nil
      if reader == nil { reader = try LogFile.Reader(path: path, item: item) }
      while let lines = try reader?.next() {
        for line in lines where isSerious(line, least) { try global.console.print(format.line(line)) }
      }
      if isOver || !follow { break }
      try await Task.sleep(for: Self.pollInterval)
    }
    if reader == nil { StandardStream.error.write("run \(record.id) has no log\n") }
  }

  private func isSerious(_ line: LogLine, _ least: UInt32) -> Bool {
    (LogLevel.allCases.first { $0.name == line.level }?.rawValue ?? LogLevel.info.rawValue) >= least
  }
}
