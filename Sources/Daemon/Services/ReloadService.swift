internal import ControlAPI
internal import Logging
internal import Server
internal import ServiceLifecycle

/// Takes up job files anew when a signal or a change asks for it, one reload at a time; what is asked meanwhile is one more.
struct ReloadService: Service {
  let requests: AsyncStream<String>
  let control: DaemonControl
  let notifier: ServiceNotifier
  let life: Life
  let status: @Sendable () async -> String
  let logger: Logger

  func run() async throws {
    for await reason in requests.cancelOnGracefulShutdown() {
      // The manager must not hear READY from a reload while the daemon starts: it would count the watchdog from there.
      let isHeard = life.phase.state == .ready
      if isHeard { notifier.reloading() }
      do throws(ControlError) {
        let change = try await control.reload()
        logger.notice(
          "reloaded: \(change.jobs) jobs; \(Self.words(change))", metadata: ["reason": .string(reason)])
      } catch {
        logger.error("not reloaded, the jobs in force stay: \(error.message)", metadata: ["reason": .string(reason)])
        logger.tell(error.findings, .error, ["reason": .string(reason)])
      }
      if isHeard { notifier.ready(await status()) }
    }
  }

  private static func words(_ change: ReloadDocument) -> String {
    let parts = [("added", change.added), ("changed", change.changed), ("removed", change.removed)]
      .filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1.joined(separator: ", "))" }
    return parts.isEmpty ? "nothing changed" : parts.joined(separator: "; ")
  }
}
