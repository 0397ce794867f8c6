import ArgumentParser
import ControlAPI
import ControlClient

/// Ends the daemon without loss.
struct Drain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Have the daemon stop its runs so that they can be resumed, and end.",
    discussion:
      "Nothing new begins. The next daemon goes on with what was stopped. systemd starts a drained service only when asked to.")

  @Flag(help: "Wait until the daemon has ended.")
  var wait = false

  @OptionGroup var global: GlobalOptions

  private static let pollInterval = Duration.milliseconds(200)

  private struct Document: Encodable {
    var pid: Int
    /// Only after `--wait`.
    var ended: Bool?
  }

  func run() async throws {
    let installation = Installation(global)
    guard let (control, pid) = try installation.daemon() else { return try await installation.control().drain() }
    try await control.drain()
    if !global.json { try global.console.print("the daemon (pid \(pid)) is draining") }
    if wait {
      while let (_, now) = try installation.daemon(), now == pid { try await Task.sleep(for: Self.pollInterval) }
    }
    if global.json { return try global.console.print(json: Document(pid: pid, ended: wait ? true : nil)) }
    if wait { try global.console.print("it has ended") }
  }
}
