import HeapModule
import JobModel
import Store

/// What has come due, into the ledger and the queue.
extension Scheduler {
  /// Judges everything on the agenda up to `now`, in the order in which it came due.
  func sweep(upTo now: Timestamp) async throws(EngineError) {
    var sweep = Sweep(now: now)
    while let soonest = agenda.heap.min, soonest.dueAt <= now {
      var batch = Batch()
      do throws(EngineError) {
        while !batch.isFull, let next = agenda.heap.min, next.dueAt <= now, let due = agenda.popFirst() {
          try decide(due, &sweep, &batch)
        }
      } catch {
        abandon(batch)
        throw error
      }
      try await commit(batch)
      heartbeat.turned(at: time.uptime(), problem: nil)
    }
  }

  /// Nothing in here waits: between the look at the job's runs and the reservation of a place nobody else can come.
  private func decide(_ due: DueInstant, _ sweep: inout Sweep, _ batch: inout Batch) throws(EngineError) {
    let entry = agenda.entries[Int(due.entry)]
    let pausedSince = pausedJobs[entry.job.name]?.since
    switch sweep.judge(due, in: agenda, pausedSince: pausedSince) {
    case .without(let fate, let note):
      let isAlone = fate == .paused && sweep.isMadeUpForLater(entry.job)
      batch.add(due, of: entry.number, fate: fate, note: note, isAlone: isAlone, at: sweep.now)
    case .onTime(let policies):
      if let refusal = Overlap.refusal(policies.overlap, queue.places.census(of: entry.job.name, at: sweep.now)) {
        return batch.add(due, of: entry.number, fate: .skippedOverlap, note: refusal, at: sweep.now)
      }
      let job = try shelf.definition(of: entry.job)
      let spec = job.schedules.first { $0.name == entry.name }
      let notBefore = spec.flatMap { factory.delayed(due.dueAt, $0, of: job.name, now: sweep.now) }
      let run = factory.run(
        of: job, try shelf.json(of: entry.job), trigger: .schedule, dueAt: due.dueAt, notBefore: notBefore, at: sweep.now)
      add(
        run, .fired, due,
        Batch.Origin(
          entry: Int(due.entry), lane: Overlap.lane(policies.overlap),
          supersedes: policies.overlap == .cancelOther
            ? queue.places.runs(of: entry.job.name, inTheWayAt: sweep.now) : [], isOnTime: true), entry, sweep.now,
        &batch)
    case .catchUp(let policies):
      guard queue.places.census(of: entry.job.name, at: sweep.now).waiting < Sweep.queueLimit else {
        return batch.add(due, of: entry.number, fate: .skippedOverlap, note: Overlap.full, at: sweep.now)
      }
      let run = factory.run(
        of: try shelf.definition(of: entry.job), try shelf.json(of: entry.job), trigger: .catchUp, dueAt: due.dueAt,
        notBefore: sweep.pace(policies, of: entry.job.name), at: sweep.now)
      add(
        run, .caughtUp, due, Batch.Origin(entry: Int(due.entry), lane: .serial, supersedes: [], isOnTime: false), entry,
        sweep.now, &batch)
    }
  }

  private func add(
    _ run: NewRun, _ fate: InstantFate, _ due: DueInstant, _ origin: Batch.Origin, _ entry: AgendaEntry, _ now: Timestamp,
    _ batch: inout Batch
  ) {
    queue.places.reserve(run.id, of: run.job.name)
    batch.add(Judgement(schedule: entry.number, first: due.key, fate: fate, judgedAt: now, run: run), origin)
  }

  /// Makes a batch durable, and then lets its runs wait for their turn.
  private func commit(_ batch: Batch) async throws(EngineError) {
    let receipts: [JudgementReceipt]
    do throws(StoreError) { receipts = try await store.judge(batch.judgements) } catch {
      abandon(batch)
      throw EngineError(error)
    }
    let durableAt = time.now()
    var waiting: [WaitingRun] = []
    for (index, receipt) in receipts.enumerated() {
      let judgement = batch.judgements[index]
      let origin = batch.origins[index]
      agenda.judged(origin.entry, upTo: judgement.last)
      switch receipt {
      case .recorded(let number):
        heartbeat.judged(judgement.fate, count: judgement.count)
        guard let run = judgement.run, let number else { continue }
        waiting.append(WaitingRun(run, number, origin.lane))
        if !origin.supersedes.isEmpty {
          superseded.append(Superseded(runs: origin.supersedes, job: run.job.name, newer: run.id))
        }
        if origin.isOnTime {
          heartbeat.fired(
            late: judgement.judgedAt - judgement.first.dueAt, durableAfter: durableAt - judgement.first.dueAt)
        }
      case .alreadyJudged:
        // The ledger knows more than the marks here: somebody's clock or a transaction's answer was lost.
        if let run = judgement.run { queue.places.release(run.id, of: run.job.name) }
        mustReread = true
      }
    }
    await queue.submit(waiting)
    try await cancelSuperseded()
  }

  /// The transaction may or may not be in the store: `reread` will tell.
  private func abandon(_ batch: Batch) {
    for case let run? in batch.judgements.map(\.run) { queue.places.release(run.id, of: run.job.name) }
    mustReread = true
    agenda.rearm()
  }

  /// Takes the marks, and runs that are not known here, from the store.
  func reread() async throws(EngineError) {
    do throws(StoreError) {
      let marks = Dictionary(try await store.standings().map { ($0.number, $0.judgedUpTo) }) { $1 }
      for index in agenda.entries.indices { agenda.setMark(index, marks[agenda.entries[index].number] ?? nil) }
      agenda.rearm()
      try await takeUpLeftBehind(isLate: true)
      mustReread = false
    } catch {
      throw EngineError(error)
    }
  }

  /// Opens the jobs that are due next, so that it is not done when they are.
  func prepareNext() throws(EngineError) {
    guard let next = agenda.heap.min?.dueAt, next != preparedFor else { return }
    preparedFor = next
    var taken: [DueInstant] = []
    var heap = agenda.heap
    while taken.count < 5_000, let due = heap.min, due.dueAt == next {
      taken.append(due)
      heap.removeMin()
    }
    for due in taken {
      let job = agenda.entries[Int(due.entry)].job
      guard job.policies != nil else { continue }
      _ = try shelf.definition(of: job)
      _ = try shelf.json(of: job)
    }
  }
}

extension WaitingRun {
  init(_ run: NewRun, _ number: RunNumber, _ lane: Lane) {
    self.init(
      number: number, id: run.id, job: run.job.name, priority: run.job.priority, notBefore: run.notBefore, lane: lane)
  }
}
