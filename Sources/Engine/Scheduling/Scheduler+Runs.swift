package import JobModel
package import Store

/// Runs that people ask for, and those left behind.
extension Scheduler {
  /// Records a run of a job, perhaps with overrides of its configuration. `notBefore`: it waits until then, and stands in nobody's
  /// way before. Throws `state` when the overlap policy says no, or 10,000 runs of the job wait.
  package func trigger(
    _ job: JobDefinition, _ options: RunOptions, notBefore: Timestamp? = nil, overlap: OverlapPolicy = .queueAll
  ) async throws(EngineError) -> RunRecord {
    let now = time.now()
    if let refusal = Overlap.refusal(overlap, queue.places.census(of: job.name, at: now)) {
      throw EngineError(.state, "\(job.name) was not triggered: \(refusal)")
    }
    let run = NewRun(
      id: factory.id(at: now), job: job, trigger: options.trigger, event: options.event, isPlan: options.isPlan,
      onlyKeys: options.onlyKeys, createdAt: now, notBefore: notBefore)
    let others = overlap == .cancelOther ? queue.places.runs(of: job.name, inTheWayAt: now) : []
    queue.places.reserve(run.id, of: job.name, putOffUntil: notBefore)
    let record: RunRecord
    do throws(StoreError) { record = try await store.createRun(run) } catch {
      queue.places.release(run.id, of: job.name)
      throw EngineError(error)
    }
    await queue.submit([WaitingRun(run, record.number, Overlap.lane(overlap))])
    superseded.append(Superseded(runs: others, job: job.name, newer: run.id))
    do throws(EngineError) { try await cancelSuperseded() } catch {
      timer.wake()  // the run is made; its turn tries again
    }
    return record
  }

  /// Takes up a run that a person resumes or retries. Throws `state` when it waits or is under way already, or can never go on.
  package func takeUp(_ run: RunRecord) async throws(EngineError) {
    guard !run.state.isFinal || run.state.allows(.queued) else {
      throw EngineError(.state, "run \(run.id) is \(run.state.name): there is nothing to resume")
    }
    guard !queue.places.has(run.id, of: run.job.name) else {
      throw EngineError(.state, "run \(run.id) waits or is under way already")
    }
    queue.places.reserve(run.id, of: run.job.name)
    await queue.submit([WaitingRun(run)])
  }

  /// Cancels the runs that newer ones take the place of. What fails is tried again at the next turn. Throws `store`.
  func cancelSuperseded() async throws(EngineError) {
    while let next = superseded.first {
      // Others may add to the list meanwhile, at its end.
      guard let run = next.runs.first else {
        superseded.removeFirst()
        continue
      }
      if let number = queue.places.number(of: run, of: next.job) {
        do throws(EngineError) {
          _ = try await queue.cancel(number, reason: "run \(next.newer) takes its place")
        } catch {
          // It has ended by itself, or was pruned since.
          let cause = (error.cause as? StoreError)?.code
          guard error.code == .state || cause == .notFound || cause == .conflict else { throw error }
        }
      }
      if let place = superseded.firstIndex(where: { $0.newer == next.newer }) {
        superseded[place].runs.removeAll { $0 == run }
      }
    }
  }

  /// Submits the runs in the store that have not ended and are not known: those under way first, then those that wait, in the
  /// order in which they were made.
  /// - Parameter isLate: others are under way, and may have ended since the page was read.
  func takeUpLeftBehind(isLate: Bool = false) async throws(StoreError) {
    var found: [(isQueued: Bool, run: WaitingRun)] = []
    var query = RunQuery(states: RunState.allCases.filter { !$0.isFinal }, limit: 1_000)
    while true {
      let page = try await store.runs(query)
      for record in page where !queue.places.has(record.id, of: record.job.name) {
        if isLate, try await store.run(record.number)?.state.isFinal ?? true { continue }
        guard !queue.places.has(record.id, of: record.job.name) else { continue }
        let isPutOff = record.state == .queued && (record.trigger == .manual || record.trigger == .event)
        queue.places.reserve(record.id, of: record.job.name, putOffUntil: isPutOff ? record.notBefore : nil)
        found.append((record.state == .queued, WaitingRun(record)))
      }
      guard page.count == query.limit, let last = page.last else { break }
      query.before = last.number
    }
    found.sort { ($0.isQueued ? 1 : 0, $0.run.number.raw) < ($1.isQueued ? 1 : 0, $1.run.number.raw) }
    await queue.submit(found.map(\.run))
  }
}

extension WaitingRun {
  /// How many others its lane once allowed is not kept: only what a schedule with `overlap: allow` made goes beside others again.
  init(_ record: RunRecord) {
    let isBeside = record.trigger == .schedule && record.job.overlap == .allow
    self.init(
      number: record.number, id: record.id, job: record.job.name, priority: record.job.priority,
      notBefore: record.notBefore, lane: isBeside ? .beside(limit: .max) : .serial)
  }
}

/// Runs of a job that are to be cancelled because a newer one takes their place.
struct Superseded {
  var runs: [RunID]
  var job: String
  var newer: RunID
}
