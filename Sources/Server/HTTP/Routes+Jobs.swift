import ControlAPI
import HTTPTypes
import JobModel

extension Route {
  struct UpcomingAnswer: Codable, Sendable { var upcoming: [UpcomingDocument] }

  /// Jobs, their schedules and the instant ledger.
  static func jobs(_ control: any Control) -> [Route] {
    [
      .ask(
        .get, "/v1/jobs", "listJobs", "The jobs in force, by name.",
        [
          Parameter("paused", .flag, "1: only those that are paused."),
          Parameter("after", .text, "The `next` of the page before."),
          Parameter("limit", .integer(1...1_000), "Jobs at most; 100 where it is left out."),
        ], fails: [.storage]
      ) { call throws(ControlError) -> JobsPage in
        var request = JobsRequest()
        request.isPaused = call.query.flag("paused")
        request.after = call.query.text("after")
        if let limit = call.query.integer("limit") { request.limit = Int(limit) }
        return try await control.jobs(request)
      },
      .ask(.get, "/v1/jobs/{job}", "getJob", "A job, with its configuration.", fails: [.notFound, .storage]) {
        call throws(ControlError) -> JobDocument in try await control.job(call["job"])
      },
      .send(
        .post, "/v1/jobs/{job}/trigger", "triggerJob", "Records a run of the job, which begins when its turn comes.",
        optionalBody: true, fails: [.notFound, .conflict, .pluginUnavailable, .unavailable, .storage], within: longLimit,
        status: 201
      ) { (call, request: TriggerRequest) throws(ControlError) -> RunDocument in
        try await control.trigger(call["job"], request)
      },
      .send(
        .put, "/v1/jobs/{job}/pause", "pauseJob", "Pauses the job: its due instants make no runs.", optionalBody: true,
        fails: [.notFound, .storage]
      ) { (call, request: PauseRequest) throws(ControlError) -> PauseDocument in
        try await control.pause(call["job"], note: request.note ?? "")
      },
      .ask(.delete, "/v1/jobs/{job}/pause", "endPause", "Ends the job's pause.", fails: [.notFound, .storage]) {
        call throws(ControlError) -> PauseDocument in try await control.endPause(call["job"])
      },
      .send(
        .post, "/v1/jobs/{job}/backfill", "backfillJob", "Makes runs for the due instants of a stretch of time that have none.",
        fails: [.notFound, .conflict, .unavailable, .storage], within: longLimit
      ) { (call, request: BackfillRequest) throws(ControlError) -> BackfillDocument in
        try await control.backfill(call["job"], request)
      },
      .ask(
        .get, "/v1/instants", "listInstants", "Rows of the instant ledger, newest first.",
        [
          Parameter("job", .text, "Only of this job."),
          Parameter("from", .instant, "Only of this instant and later ones."),
          Parameter("to", .instant, "Only of earlier instants than this."),
          Parameter("fate", .choice(InstantFate.allCases.map(\.name)), "Only of this fate.", isRepeated: true),
          Parameter("before", .text, "The `next` of the page before."),
          Parameter("limit", .integer(1...1_000), "Rows at most; 50 where it is left out."),
        ], fails: [.notFound, .storage]
      ) { call throws(ControlError) -> InstantsPage in
        var request = InstantsRequest()
        request.job = call.query.text("job")
        request.from = call.query.text("from")
        request.to = call.query.text("to")
        request.fates = call.query.texts("fate")
        request.before = call.query.text("before")
        if let limit = call.query.integer("limit") { request.limit = Int(limit) }
        return try await control.instants(request)
      },
      .ask(
        .get, "/v1/upcoming", "listUpcoming", "What is due next, soonest first.",
        [
          Parameter("job", .text, "Only of this job."),
          Parameter("first_only", .flag, "1: of each schedule only its next instant."),
          Parameter("limit", .integer(1...1_000), "Instants at most; 20 where it is left out."),
        ], fails: [.notFound]
      ) { call throws(ControlError) -> UpcomingAnswer in
        let limit = call.query.integer("limit") ?? 20
        return UpcomingAnswer(
          upcoming: try await control.upcoming(
            job: call.query.text("job"), limit: Int(limit), isFirstOnly: call.query.flag("first_only")))
      },
    ]
  }
}
