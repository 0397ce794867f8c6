import ControlAPI
import HTTPTypes
import JobModel

extension Route {
  struct ArtifactsAnswer: Codable, Sendable { var artifacts: [ArtifactDocument] }

  /// Runs and items.
  static func runs(_ control: any Control) -> [Route] { runsThemselves(control) + partsOfRuns(control) }

  private static func runsThemselves(_ control: any Control) -> [Route] {
    [
      .ask(
        .get, "/v1/runs", "listRuns", "Runs, newest first.",
        [
          Parameter("job", .text, "Only of this job."),
          Parameter("state", .choice(RunState.allCases.map(\.name)), "Only in this state.", isRepeated: true),
          Parameter("before", .text, "The `next` of the page before."),
          Parameter("limit", .integer(1...1_000), "Runs at most; 20 where it is left out."),
        ], fails: [.notFound, .storage]
      ) { call throws(ControlError) -> RunsPage in
        var request = RunsRequest()
        request.job = call.query.text("job")
        request.states = call.query.texts("state")
        request.before = call.query.text("before")
        if let limit = call.query.integer("limit") { request.limit = Int(limit) }
        return try await control.runs(request)
      },
      .ask(.get, "/v1/runs/{run}", "getRun", "A run, with its report and configuration.", fails: [.notFound, .storage]) {
        call throws(ControlError) -> RunDocument in try await control.run(call["run"])
      },
      .send(
        .post, "/v1/runs/{run}/cancel", "cancelRun", "Ends the run as cancelled, with what it has not done.",
        optionalBody: true,
        fails: [.notFound, .conflict, .storage]
      ) { (call, request: CancelRequest) throws(ControlError) -> RunDocument in
        try await control.cancel(call["run"], reason: request.reason ?? "cancelled by a person")
      },
      .ask(
        .post, "/v1/runs/{run}/resume", "resumeRun", "Goes on with a run that was stopped or failed.",
        fails: [.notFound, .conflict, .pluginUnavailable, .unavailable, .storage], within: longLimit
      ) { call throws(ControlError) -> RunDocument in try await control.resume(call["run"]) },
      .send(
        .post, "/v1/runs/{run}/retry", "retryRun", "Makes failed items of the run available again and goes on with it.",
        optionalBody: true, fails: [.notFound, .conflict, .pluginUnavailable, .unavailable, .storage], within: longLimit
      ) { (call, request: RetryRequest) throws(ControlError) -> RunDocument in try await control.retry(call["run"], request) },
    ]
  }

  private static func partsOfRuns(_ control: any Control) -> [Route] {
    [
      .ask(.get, "/v1/runs/{run}/artifacts", "listArtifacts", "The files that the run left.", fails: [.notFound, .storage]) {
        call throws(ControlError) -> ArtifactsAnswer in
        ArtifactsAnswer(artifacts: try await control.artifacts(call["run"]))
      },
      Route(
        method: .get, path: "/v1/runs/{run}/events", operation: "watchRun",
        summary: "What happens in the run from now on, until it has ended.",
        parameters: [Parameter("log", .flag, "1: lines of its log too.")], body: nil, reply: .events,
        problems: [.notFound, .unavailable, .storage], limit: usualLimit
      ) { call throws(ControlError) in
        .events(try await control.watch(call["run"], includesLog: call.query.flag("log")))
      },
      .ask(
        .get, "/v1/runs/{run}/log", "getLog", "Lines of the run's log.",
        [
          Parameter(
            "from", .integer(0...Int64.max), "The byte of the log at which the page begins: the `next` of the one before."),
          Parameter("limit", .integer(1...4_194_304), "Bytes at most, about; 262144 where it is left out."),
        ], fails: [.notFound, .storage]
      ) { call throws(ControlError) -> LogPage in
        try await control.log(
          call["run"], from: call.query.integer("from") ?? 0, limit: Int(call.query.integer("limit") ?? 262_144))
      },
      .ask(
        .get, "/v1/items", "listItems", "Items in the order in which they were named.",
        [
          Parameter("run", .text, "Only of this run."),
          Parameter("state", .choice(ItemState.allCases.map(\.name)), "Only in this state.", isRepeated: true),
          Parameter("after", .integer(0...Int64.max), "The `next` of the page before."),
          Parameter("limit", .integer(1...10_000), "Items at most; 50 where it is left out."),
        ], fails: [.notFound, .storage]
      ) { call throws(ControlError) -> ItemsPage in
        var request = ItemsRequest()
        request.run = call.query.text("run")
        request.states = call.query.texts("state")
        request.after = call.query.integer("after")
        if let limit = call.query.integer("limit") { request.limit = Int(limit) }
        return try await control.items(request)
      },
      .ask(
        .get, "/v1/runs/{run}/items/{key}", "getItem", "An item with its earlier tries; a slash in its key is sent as %2F.",
        fails: [.notFound, .storage]
      ) { call throws(ControlError) -> ItemDetailDocument in
        try await control.item(run: call["run"], key: call["key"])
      },
    ]
  }
}
