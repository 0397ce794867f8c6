import ControlAPI
import HTTPTypes

extension Route {
  /// Bodies of requests that the API has beside those of `ControlAPI`.
  struct PauseRequest: Codable, Sendable { var note: String? }
  struct CancelRequest: Codable, Sendable { var reason: String? }
  struct BackupRequest: Codable, Sendable {
    var path: String
    var overwrites: Bool?
  }

  /// The daemon and its store.
  static func daemon(_ control: any Control) -> [Route] {
    [
      .ask(.get, "/v1/status", "getStatus", "How the daemon is.", fails: [.storage]) {
        _ throws(ControlError) -> StatusDocument in
        try await control.status()
      },
      .ask(
        .post, "/v1/reload", "reload", "Takes up the job files anew, all of them or, when one has an error, none.",
        fails: [.notFound, .unavailable, .storage], within: longLimit
      ) { _ throws(ControlError) -> ReloadDocument in try await control.reload() },
      .ask(
        .post, "/v1/plugins/reload", "reloadPlugins", "Replaces workers that have a plugin loaded.",
        [Parameter("plugin", .text, "Only of this plugin.")], fails: [.notFound]
      ) { call throws(ControlError) -> PluginsReloadDocument in try await control.reloadPlugins(call.query.text("plugin")) },
      Route(
        method: .post, path: "/v1/drain", operation: "drain",
        summary: "Begins nothing new, stops runs so that they can be resumed, and ends the daemon.", parameters: [], body: nil,
        reply: .empty(status: 202), problems: [.unavailable], limit: usualLimit
      ) { _ throws(ControlError) in
        try await control.drain()
        return .empty(status: 202)
      },
      .send(
        .post, "/v1/backup", "backup", "Copies the store to a file on the daemon's machine.",
        fails: [.conflict, .storage, .forbidden], within: longestLimit
      ) { (_, request: BackupRequest) throws(ControlError) -> BackupDocument in
        try await control.backup(to: request.path, overwrites: request.overwrites ?? false)
      },
      .send(
        .post, "/v1/prune", "prune", "Removes what is old: runs, items, logs, artifacts, rows of the instant ledger.",
        optionalBody: true, fails: [.storage], within: longestLimit
      ) { (_, request: PruneRequest) throws(ControlError) -> PruneDocument in try await control.prune(request) },
    ]
  }

}
