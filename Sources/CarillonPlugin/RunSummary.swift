public import FoundationEssentials

/// What a run came to, for `finish`. Valid until `finish` returns.
public struct RunSummary: Sendable {
  public let run: RunContext

  /// Items by their end. `dead` counts dead letters and poisoned items.
  public let succeeded: Int
  public let skipped: Int
  public let dead: Int
  public let cancelled: Int

  let startedAtUs: Int64

  public var startedAt: Date { Date(microseconds: startedAtUs) }

  let gate: SummaryGate

  /// Every finished item in the order of discovery. Fetched in pages, so a million of them need no memory. One pass: a
  /// second iteration goes on where the first stopped.
  public var results: Results { Results(gate: gate) }

  /// Sets the run's report: one JSON object of at most 64 KiB, shown by `carillon run show`. The last one counts. Throws
  /// `PluginError`.
  public func report(_ document: some Encodable) async throws {
    try await gate.report(
      try encodeDocument(document, "the report", maxBytes: Limits.outputBytes))
  }

  /// Emits an event of the run as a whole. Throws `PluginError`.
  public func emitEvent(_ type: String, _ document: some Encodable) throws {
    try run.host.emitEvent(
      item: 0, type,
      try encodeDocument(document, "the event \"\(type)\"", maxBytes: Limits.eventBytes))
  }
}

/// One finished item, as `finish` reads it.
public struct RunResult: Sendable {
  /// How an item can have ended.
  public enum Kind: Hashable, Sendable {
    case succeeded
    case skipped
    /// Dead, poisoned or cancelled.
    case failed
  }

  public let key: String
  public let kind: Kind

  /// How many were charged.
  public let attempts: Int

  /// Of the last attempt.
  public let duration: Duration

  /// Why it was skipped or failed; empty when it succeeded.
  public let reason: String

  /// As `discover` named it: JSON, or a `RawPayload`'s bytes.
  public let payload: [UInt8]

  /// The outcome's JSON document; empty for none.
  public let output: [UInt8]

  /// The output decoded; nil when there is none. Throws `PluginError.decoding`.
  public func output<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value? {
    output.isEmpty
      ? nil : try decodeDocument(type, from: output, "the output of the item \"\(key)\"")
  }
}

extension RunSummary {
  /// The finished items of a run. Iterating throws `CancellationError` when the run is cancelled.
  public struct Results: AsyncSequence, Sendable {
    public typealias Element = RunResult

    let gate: SummaryGate

    public func makeAsyncIterator() -> Iterator { Iterator(gate: gate) }

    public struct Iterator: AsyncIteratorProtocol {
      let gate: SummaryGate

      public mutating func next() async throws -> RunResult? {
        try await gate.next()
      }
    }
  }
}
