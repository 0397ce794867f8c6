import Engine
import JobModel
import Store

/// What befalls the daemon.
extension YearSimulation {
  private enum Mishap: CaseIterable {
    case downtime, jumpForward, jumpBack, late, pause, endPause, reload, backfill, trigger, cancelOthers
  }

  /// Something that befalls jobs befalls as many of them as give each its share in a year.
  private var share: Int { max(1, jobs.count / 12) }

  private var anyJob: JobDefinition { jobs.randomElement(using: &random)! }

  func suffer() async throws {
    switch Mishap.allCases.randomElement(using: &random)! {
    case .downtime:
      try await restart(
        after: .seconds([20, 4_000, 40_000, 400_000].randomElement(using: &random)!),
        afterBoot: Bool.random(using: &random)
      ) { Bool.random(using: &random) ? changeFiles() : [:] }
    case .jumpForward: pass(.seconds([3, 90, 7_000, 100_000].randomElement(using: &random)!))
    case .jumpBack:
      let back = Duration.seconds([1, 90, 7_000, 100_000].randomElement(using: &random)!)
      clock.set(
        max(
          Timestamp(seconds: Self.year.lowerBound + 3_600),
          Timestamp(microseconds: clock.now().microseconds - back.wholeMicroseconds)))
      // What begins anew then must not begin where it has been judged already.
      if Bool.random(using: &random) { try await reload() }
    case .late: pass(.seconds(Int.random(in: 1...12, using: &random)))
    case .pause: for _ in 0..<share { try await pause(anyJob.name) }
    case .endPause:
      for _ in 0..<share { if let job = paused.sorted().randomElement(using: &random) { try await endPause(job) } }
    case .reload: try await reload()
    case .backfill: for _ in 0..<share { try await backfill(anyJob.name) }
    case .trigger: for _ in 0..<share { try await trigger(anyJob, OverlapPolicy.allCases.randomElement(using: &random)!) }
    case .cancelOthers:
      for job in jobs where job.overlap == .cancelOther && Int.random(in: 0..<12, using: &random) == 0 {
        try await trigger(job, .cancelOther)
      }
    }
    follow()
  }

  private func pause(_ job: String) async throws {
    model.pause(job, at: clock.now())
    _ = try await scheduler.pause(job, note: "")
    paused.insert(job)
    follow()
  }

  private func endPause(_ job: String) async throws {
    paused.remove(job)
    model.endPause(job, at: clock.now())
    _ = try await scheduler.endPause(job)
    follow()
  }

  private func reload() async throws {
    model.judge(at: clock.now())
    let changed = changeFiles()
    model.put(jobs, changed: changed, at: clock.now())
    _ = try await scheduler.replace(JobPreparation.prepared(jobs))
    follow()
  }

  private func backfill(_ job: String) async throws {
    // The model knows nothing of the years before.
    let from = max(
      Timestamp(seconds: Self.year.lowerBound), clock.now() + .seconds(-Int.random(in: 0...500_000, using: &random)))
    let to = min(clock.now(), from + .seconds(Int.random(in: 1...100_000, using: &random)))
    guard from < to else { return }
    model.backfill(job, from, to, at: clock.now())
    _ = try await scheduler.backfill(job, BackfillOptions(from: from, to: to))
    follow()
  }

  private func trigger(_ job: JobDefinition, _ overlap: OverlapPolicy) async throws {
    var until: Timestamp?
    if Int.random(in: 0..<3, using: &random) == 0 { until = clock.now() + .seconds(Int.random(in: 1...90_000, using: &random)) }
    let isExpected = model.trigger(job.name, overlap, until: until, at: clock.now())
    var isMade = true
    do throws(EngineError) {
      _ = try await scheduler.trigger(job, RunOptions(), notBefore: until, overlap: overlap)
    } catch {
      guard error.code == .state else { throw error }
      isMade = false
    }
    if isMade != isExpected {
      surprises.append("\(job.name) by hand at \(clock.now().iso8601), \(overlap): made \(isMade), model \(isExpected)")
    }
    follow()
  }

  // MARK: The files

  /// Some jobs get other schedules or policies, some go, some come back. While it is paused a job
  /// gets other schedules at most: which instants have rows of their own depends on `after_pause` as it was when they were judged.
  private func changeFiles() -> [PolicyModel.ScheduleID: PolicyModel.Change] {
    var changed: [PolicyModel.ScheduleID: PolicyModel.Change] = [:]
    for _ in 0..<share {
      let index = Int.random(in: 0..<jobs.count, using: &random)
      let kind = Int.random(in: 0..<5, using: &random)
      guard kind < 2 || !paused.contains(jobs[index].name) else { continue }
      switch kind {
      case 0, 1:
        let schedule = Int.random(in: 0..<jobs[index].schedules.count, using: &random)
        changed.merge([add(to: &jobs[index], schedule)]) { $1 }
      case 2: choosePolicies(&jobs[index])
      case 3 where jobs.count > 1:
        let job = jobs.remove(at: index)
        for spec in job.schedules { changed[PolicyModel.ScheduleID(job: job.name, name: spec.name)] = nil }
        absent.append(job)
      default:
        guard let index = absent.indices.randomElement(using: &random) else { continue }
        let job = absent.remove(at: index)
        changed.merge(changes(of: job)) { $1 }
        jobs.append(job)
      }
    }
    return changed
  }
}
