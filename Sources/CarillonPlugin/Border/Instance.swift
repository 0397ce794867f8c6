import CCarillonPlugin

/// A plugin's value, created and at work.
final class Instance<P: Plugin>: InstanceCalls {
  private let plugin: P
  private let host: Host
  private let loop = MainLoop()
  private let pool: ItemPool
  private let runs = RunCache()

  init(_ plugin: P, host: Host) {
    self.plugin = plugin
    self.host = host
    let limit = min(max(P.manifest.maxInFlight, 1), Limits.inFlight)
    pool = ItemPool(limit: limit) { work in
      let id = work.id
      guard !work.isCancelled, let piece = work.piece as? ItemPiece<P.Item> else {
        Outcome.retry("cancelled before it began").complete(item: id, on: host)
        return
      }
      host.begin(item: id)
      let outcome: Outcome
      do {
        outcome = try await plugin.process(piece.context(work.index))
      } catch {
        outcome = Outcome(error)
      }
      outcome.complete(item: id, on: host)
    }
  }

  func discover(
    _ run: UnsafePointer<carillon_run>, _ sink: UnsafePointer<carillon_sink>
  ) -> Int32 {
    let context = RunContext(facts: runs.facts(of: run), host: host)
    let items = ItemSink<P.Item>(SinkGate(sink))
    return drive { [plugin] in
      try await plugin.discover(context, into: items)
      try items.flush()
    }
  }

  func finish(
    _ run: UnsafePointer<carillon_run>, _ summary: UnsafePointer<carillon_summary>
  ) -> Int32 {
    let raw = carillon_summary(reading: summary)
    let gate = SummaryGate(raw, host: host, loop: loop)
    let summary = RunSummary(
      run: RunContext(facts: runs.facts(of: run), host: host), succeeded: Int(raw.succeeded),
      skipped: Int(raw.skipped), dead: Int(raw.dead), cancelled: Int(raw.cancelled),
      startedAtUs: raw.started_at_us, gate: gate)
    return drive { [plugin] in try await plugin.finish(summary) }
  }

  func process(
    _ run: UnsafePointer<carillon_run>, _ batch: UnsafePointer<carillon_batch>
  ) -> Int32 {
    pool.beginArrival()
    defer { pool.endArrival() }
    let context = RunContext(facts: runs.facts(of: run), host: host)
    for items in BatchPieces(batch) {
      let decoded = PayloadDecoder<P.Item>().decode(items.map(\.payload.buffer))
      var good = items
      for (position, error) in decoded.failures.reversed() {
        good.remove(at: position)
        // The same bytes will be as unreadable at the next attempt.
        Outcome.failed("the payload cannot be read as \(P.Item.self): \(errorMessage(error))")
          .complete(item: items[position].id, on: host)
      }
      pool.submit(ItemPiece(good, decoded.values, run: context))
    }
    return CARILLON_PENDING
  }

  func cancel(item: UInt64) {
    if item == 0 { loop.cancel() }
    pool.cancel(item: item)
  }

  func destroy() {
    pool.end()
  }

  private func drive(_ body: @escaping @Sendable () async throws -> Void) -> Int32 {
    let result = loop.run(isCancelled: { host.isCancelled(item: 0) }, body)
    switch result {
    case .success:
      return CARILLON_OK
    case .failure(let error):
      host.error(errorMessage(error))
      return CARILLON_ERROR
    }
  }
}

extension Outcome {
  /// What a thrown error comes to.
  fileprivate init(_ error: any Error) {
    switch error {
    case let error as PermanentError: self = .failed(error.description)
    default: self = .retry(errorMessage(error))
    }
  }
}
