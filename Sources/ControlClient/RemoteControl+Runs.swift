package import ControlAPI
import NIOHTTP1

extension RemoteControl {
  package func runs(_ request: RunsRequest) async throws(ControlError) -> RunsPage {
    try await ask(
      .GET,
      Route("runs").with("job", request.job).with("state", each: request.states).with("before", request.before)
        .with("limit", request.limit))
  }

  package func run(_ run: String) async throws(ControlError) -> RunDocument { try await ask(.GET, Route("runs", run)) }

  package func cancel(_ run: String, reason: String) async throws(ControlError) -> RunDocument {
    struct Request: Encodable { var reason: String }
    return try await ask(.POST, Route("runs", run, "cancel"), Request(reason: reason), within: Self.work)
  }

  package func resume(_ run: String) async throws(ControlError) -> RunDocument {
    try await ask(.POST, Route("runs", run, "resume"), within: Self.work)
  }

  package func retry(_ run: String, _ request: RetryRequest) async throws(ControlError) -> RunDocument {
    try await ask(.POST, Route("runs", run, "retry"), request, within: Self.work)
  }

  package func artifacts(_ run: String) async throws(ControlError) -> [ArtifactDocument] {
    struct Answer: Decodable { var artifacts: [ArtifactDocument] }
    let answer: Answer = try await ask(.GET, Route("runs", run, "artifacts"))
    return answer.artifacts
  }

  package func log(_ run: String, from offset: Int64, limit: Int) async throws(ControlError) -> LogPage {
    try await ask(.GET, Route("runs", run, "log").with("from", offset).with("limit", limit))
  }

  package func items(_ request: ItemsRequest) async throws(ControlError) -> ItemsPage {
    try await ask(
      .GET,
      Route("items").with("run", request.run).with("state", each: request.states).with("after", request.after)
        .with("limit", request.limit))
  }

  package func item(run: String, key: String) async throws(ControlError) -> ItemDetailDocument {
    try await ask(.GET, Route("runs", run, "items", key))
  }
}
