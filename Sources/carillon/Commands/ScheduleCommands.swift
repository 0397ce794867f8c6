import ArgumentParser

/// `carillon schedule …`.
struct ScheduleCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule", abstract: "Show when jobs and cron expressions are due, and explain them.",
    subcommands: [ScheduleNext.self, ScheduleExplain.self], defaultSubcommand: ScheduleNext.self)
}
