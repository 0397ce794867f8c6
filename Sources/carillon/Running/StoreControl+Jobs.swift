import Server
import ControlAPI
import Cron
import JobFiles
import JobModel
import Store

extension StoreControl {
  func jobs(_ request: JobsRequest) async throws(ControlError) -> JobsPage {
    let folder: JobFolder
    do throws(JobFileError) { folder = try JobFolder.load(installation.jobsFolder) } catch {
      throw ControlError(CommandError(error))
    }
    let behind = folder.jobs.drop { job in request.after.map { job.definition.name <= $0 } ?? false }
    var documents: [JobDocument] = []
    for job in behind {
      if documents.count == request.limit { return JobsPage(jobs: documents, next: documents.last?.name) }
      let document = try await document(of: job)
      if document.pause != nil || !request.isPaused { documents.append(document) }
    }
    return JobsPage(jobs: documents, next: nil)
  }

  func job(_ name: String) async throws(ControlError) -> JobDocument {
    let file: JobFile
    do throws(CommandError) { file = try installation.job(name) } catch {
      var known = ControlError(error)
      known.findings = []
      throw known
    }
    var document = try await document(of: file)
    document.config = file.definition.config
    return document
  }

  private func document(of file: JobFile) async throws(ControlError) -> JobDocument {
    let job = file.definition
    let plan = try JobPlan(job)
    var document = JobDocument(
      name: job.name, summary: job.summary, plugin: job.plugin, overlap: job.overlap.rawValue,
      catchUp: job.catchUp.backlog.rawValue, schedules: plan.documents(after: .systemNow()), unfinishedRuns: 0)
    document.file = file.path
    document.nextDueAt = document.schedules.compactMap(\.nextDueAt).min()
    guard try storeIfMade() != nil else { return document }
    let outline = document
    let unfinished = RunState.allCases.filter { !$0.isFinal }
    return try await asking { store in
      var document = outline
      document.pause = try await store.pauses().first { $0.job == job.name }.map { PauseDocument($0) }
      document.unfinishedRuns = try await store.runs(RunQuery(job: job.name, states: unfinished, limit: 1_000)).count
      document.lastRun = try await store.runs(RunQuery(job: job.name, limit: 1)).first.map {
        RunDocument($0, isWhole: false)
      }
      return document
    }
  }

  func instants(_ request: InstantsRequest) async throws(ControlError) -> InstantsPage {
    var query = InstantQuery(
      job: request.job, from: Timestamp(document: request.from), to: Timestamp(document: request.to), limit: request.limit)
    query.fates = InstantFate.allCases.filter { request.fates.contains($0.name) }
    if let before = request.before {
      guard let cursor = InstantCursor(text: before) else {
        throw ControlError(.malformed, "\"\(before)\" is no place in the instant ledger")
      }
      query.cursor = cursor
    }
    guard try storeIfMade() != nil else { return InstantsPage(instants: [], next: nil) }
    let asked = query
    return try await asking { store in
      let rows = try await store.instants(asked)
      return InstantsPage(
        instants: rows.map { InstantDocument($0) },
        next: rows.count == asked.limit ? rows.last.map { $0.cursor.text } : nil)
    }
  }

  func upcoming(job: String?, limit: Int, isFirstOnly: Bool) async throws(ControlError) -> [UpcomingDocument] {
    let files: [JobFile]
    do {
      files = if let job { [try installation.job(job)] } else { try JobFolder.load(installation.jobsFolder).jobs }
    } catch {
      throw ControlError(error)
    }
    let now = Timestamp.systemNow().wholeSeconds
    var found: [DueInstant] = []
    for file in files {
      let plan = try JobPlan(file.definition)
      let next = isFirstOnly ? plan.nextOfEach(after: now) : plan.next(after: now, count: limit)
      found += next.filter(\.occurrence.isDue)
    }
    return found.sorted { $0.occurrence < $1.occurrence }.prefix(limit).map {
      UpcomingDocument(job: $0.job, schedule: $0.schedule, dueAt: $0.instant.iso8601, localTime: $0.localISO8601)
    }
  }
}
