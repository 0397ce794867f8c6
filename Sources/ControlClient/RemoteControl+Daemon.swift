package import ControlAPI
import NIOHTTP1

extension RemoteControl {
  package func status() async throws(ControlError) -> StatusDocument { try await ask(.GET, Route("status")) }

  package func reload() async throws(ControlError) -> ReloadDocument {
    try await ask(.POST, Route("reload"), within: Self.work)
  }

  package func reloadPlugins(_ plugin: String?) async throws(ControlError) -> PluginsReloadDocument {
    try await ask(.POST, Route("plugins", "reload").with("plugin", plugin))
  }

  package func drain() async throws(ControlError) { try await send(.POST, Route("drain")) }

  package func backup(to path: String, overwrites: Bool) async throws(ControlError) -> BackupDocument {
    struct Request: Encodable { var path: String, overwrites: Bool }
    return try await ask(
      .POST, Route("backup"), Request(path: path, overwrites: overwrites), within: Self.longWork)
  }

  package func prune(_ request: PruneRequest) async throws(ControlError) -> PruneDocument {
    try await ask(.POST, Route("prune"), request, within: Self.longWork)
  }
}
