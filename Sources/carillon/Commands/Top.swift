import ArgumentParser
import ControlAPI
import ControlClient
import Foundation
import JobModel

/// A live view of the daemon.
struct Top: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "top", abstract: "Show the daemon's runs, rates, workers and what is due next, live. Leave with q or Ctrl-C.",
    discussion: "Without a terminal it prints one picture and ends.")

  @OptionGroup var global: GlobalOptions

  private static let refreshInterval = Duration.seconds(1)
  /// Enough to see beyond a job that is due every few seconds.
  private static let askedUpcoming = 200
  private static let plainHeight = 60

  func run() async throws {
    let installation = Installation(global)
    guard let (control, _) = try installation.daemon() else {
      _ = try await installation.control().status()
      return
    }
    if global.json { return try global.console.print(json: try await control.status()) }
    guard StandardStream.output.isTerminal, isatty(0) == 1 else {
      let screen = try await Self.look(control, TopScreen(console: global.console))
      for line in screen.lines(width: global.console.width ?? 120, height: Self.plainHeight) { try global.console.print(line) }
      return
    }
    try await live(control)
  }

  private func live(_ control: RemoteControl) async throws {
    let terminal = try TerminalScreen.open()
    defer { terminal.close() }
    var screen = TopScreen(console: global.console)
    for await event in terminal.events(every: Self.refreshInterval) {
      switch event {
      case .quit: return
      case .tick:
        do throws(ControlError) {
          screen = try await Self.look(control, screen)
        } catch {
          screen.failure = error.message
        }
      case .resized: break
      }
      let size = terminal.size
      terminal.draw(screen.lines(width: size.columns, height: size.rows))
    }
  }

  private static func look(_ control: any Control, _ old: TopScreen) async throws(ControlError) -> TopScreen {
    var screen = old
    let status = try await control.status()
    screen.note(status, try await control.upcoming(job: nil, limit: askedUpcoming, isFirstOnly: true))
    return screen
  }
}
