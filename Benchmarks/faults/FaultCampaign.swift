import ArgumentParser

/// Breaks Carillon from outside while it works, and counts afterwards, without any of Carillon's own code, what became of every
/// item.
@main
struct FaultCampaign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fault-campaign", abstract: "Breaks Carillon from outside, and counts what became of every item.",
    subcommands: [KillCampaign.self, WorkerCampaign.self, DiskCampaign.self, DaemonCampaign.self])
}

/// What every campaign takes.
struct CampaignOptions: ParsableArguments {
  @Option(help: "Where jobs, states and ledgers are kept. It is emptied first.")
  var directory: String

  @Option(help: "The folder of carillon and carillon-host.")
  var products: String

  @Option(help: "The folder of misbehaving.so and misbehaving-serial.so.")
  var plugins: String

  @Option(help: "Items of a run.")
  var items = 2_000

  @Option(help: "Repeats the choices of a campaign; what the system does with them is never the same.")
  var seed = UInt64.random(in: .min ... .max)
}

/// Why a campaign cannot go on.
struct CampaignError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
