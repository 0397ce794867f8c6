package import ControlAPI
import NIOHTTP1

extension RemoteControl {
  package func jobs(_ request: JobsRequest) async throws(ControlError) -> JobsPage {
    try await ask(
      .GET,
      Route("jobs").with("paused", request.isPaused ? 1 : nil).with("after", request.after).with("limit", request.limit))
  }

  package func job(_ name: String) async throws(ControlError) -> JobDocument { try await ask(.GET, Route("jobs", name)) }

  package func trigger(_ job: String, _ request: TriggerRequest) async throws(ControlError) -> RunDocument {
    try await ask(.POST, Route("jobs", job, "trigger"), request, within: Self.work)
  }

  package func pause(_ job: String, note: String) async throws(ControlError) -> PauseDocument {
    struct Request: Encodable { var note: String }
    return try await ask(.PUT, Route("jobs", job, "pause"), Request(note: note))
  }

  package func endPause(_ job: String) async throws(ControlError) -> PauseDocument {
    try await ask(.DELETE, Route("jobs", job, "pause"), within: Self.work)
  }

  package func instants(_ request: InstantsRequest) async throws(ControlError) -> InstantsPage {
    try await ask(
      .GET,
      Route("instants").with("job", request.job).with("from", request.from).with("to", request.to)
        .with("fate", each: request.fates).with("before", request.before).with("limit", request.limit))
  }

  package func upcoming(job: String?, limit: Int, isFirstOnly: Bool) async throws(ControlError) -> [UpcomingDocument] {
    struct Answer: Decodable { var upcoming: [UpcomingDocument] }
    let answer: Answer = try await ask(
      .GET, Route("upcoming").with("job", job).with("limit", limit).with("first_only", isFirstOnly ? 1 : nil))
    return answer.upcoming
  }

  package func backfill(_ job: String, _ request: BackfillRequest) async throws(ControlError) -> BackfillDocument {
    try await ask(.POST, Route("jobs", job, "backfill"), request, within: Self.work)
  }
}
