import ArgumentParser
import Foundation
import JobModel

/// The command line's root: knows its verbs, and how an error leaves the program.
@main
struct Carillon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "carillon",
    abstract: "Runs batch jobs: every item tried, retried and accounted for on its own.",
    discussion: """
      Run a job with "carillon run JOB", look at it with "carillon runs", "carillon run show RUN" and "carillon items". A RUN \
      is a run's id, three or more letters of its beginning or end that fit no other, or "last". The manual, docs/manual.md, \
      has every option, exit code and output.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(
        name: "The daemon", subcommands: [RunDaemon.self, Status.self, Top.self, Reload.self, Drain.self]),
      CommandGroup(
        name: "Schedules",
        subcommands: [
          ScheduleCommands.self, Why.self, TriggerJob.self, Pause.self, ResumeJob.self, BackfillJob.self,
        ]),
      CommandGroup(name: "Runs", subcommands: [Run.self, Resume.self, Cancel.self, Retry.self, Runs.self]),
      CommandGroup(name: "What runs did", subcommands: [Items.self, Item.self, Logs.self, Artifacts.self]),
      CommandGroup(name: "Jobs and plugins", subcommands: [Jobs.self, Plugins.self, ImportJobs.self]),
      CommandGroup(name: "The store", subcommands: [Backup.self, Prune.self, Doctor.self, ShowVersion.self]),
    ])

  static func main() async {
    signal(SIGPIPE, SIG_IGN)  // a reader that went away shows as EPIPE where something is written
    let command: any ParsableCommand
    do {
      command = try await asyncParseAsRoot(spelledOut(Array(CommandLine.arguments.dropFirst())))
    } catch {
      leave(parsing: error)
    }
    do {
      if var asyncCommand = command as? any AsyncParsableCommand {
        try await asyncCommand.run()
      } else {
        var plain = command
        try plain.run()
      }
    } catch let error where error is CommandError || !(error is ExitCode || error is CleanExit || isParsing(error)) {
      report(CommandError(error))
    } catch {
      leave(parsing: error)
    }
    Foundation.exit(ExitStatus.success.rawValue)
  }

  /// `run JOB` is short for `run job JOB`, `items` for `items list`. Said in full, `run --help` explains the options of a run.
  static func spelledOut(_ arguments: [String]) -> [String] {
    guard let verb = arguments.first, let (inner, others) = shorthands[verb],
      arguments.count == 1 || !others.contains(arguments[1])
    else { return arguments }
    return [verb, inner] + arguments.dropFirst()
  }

  private static let shorthands = ["run": ("job", ["job", "show"]), "items": ("list", ["list", "show"])]

  private static func isParsing(_ error: any Error) -> Bool {
    error is ValidationError || exitCode(for: error) == .success || exitCode(for: error) == .validationFailure
  }

  /// Help and versions go to standard output; a wrong command line is one line and a hint.
  private static func leave(parsing error: any Error) -> Never {
    let code = exitCode(for: error)
    if code == .validationFailure {
      let verb = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("-") }
      let known = configuration.subcommands.map { $0.configuration.commandName ?? $0._commandName }
      var words = message(for: error).split(separator: "\n").joined(separator: " ")
      if let verb, !known.contains(verb), verb != "help", CommandLine.arguments.dropFirst().first == verb {
        words = "there is no command \"\(verb)\"" + (known.nearest(to: verb).map { "; did you mean \"\($0)\"?" } ?? "")
      }
      StandardStream.error.write("carillon: \(Words.printable(words))\n")
      let help = verb.map(known.contains) == true ? " \(verb ?? "")" : ""
      StandardStream.error.write("See \"carillon\(help) --help\".\n")
      Foundation.exit(ExitStatus.usage.rawValue)
    }
    exit(withError: error)
  }

  private static func report(_ error: CommandError) -> Never {
    for detail in error.details { StandardStream.error.write(detail + "\n") }
    StandardStream.error.write("carillon: \(error.message)\n")
    if CommandLine.arguments.contains("--verbose") || CommandLine.arguments.contains("-v") {
      for cause in error.causes { StandardStream.error.write("  because: \(cause)\n") }
    }
    Foundation.exit(error.status.rawValue)
  }
}
