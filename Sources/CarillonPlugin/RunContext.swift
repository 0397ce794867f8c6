public import FoundationEssentials

/// The run that a call belongs to, and what the host does for it. Any thread; may outlive the call as a value, but its
/// services answer only while the plugin exists.
public struct RunContext: Sendable {
  let facts: RunFacts
  let host: Host

  /// The run's id; `id/key` is each item's idempotency key.
  public var id: String { facts.id }

  /// The job's name.
  public var job: String { facts.job }

  /// Effects are to be described (`Outcome.planned`), never done.
  public var isPlan: Bool { facts.isPlan }

  /// The JSON document that triggered the run; nil when it was not an event.
  public var event: [UInt8]? { facts.event.isEmpty ? nil : facts.event }

  public var startedAt: Date { Date(microseconds: facts.startedAtUs) }

  /// The run is cancelled then; nil: no deadline.
  public var deadlineAt: Date? {
    facts.deadlineUs == 0 ? nil : Date(microseconds: facts.deadlineUs)
  }

  /// The instant of its schedule that the run stands for: one that is caught up or backfilled begins much later. nil: a run by
  /// hand or of an event, or a Carillon that does not say.
  public var dueAt: Date? {
    facts.dueAtUs == 0 ? nil : Date(microseconds: facts.dueAtUs)
  }

  /// Lines that belong to the run as a whole.
  public var log: Log { Log(host: host, item: 0) }

  /// Everything in this process should stop. Task cancellation says the same to code below `discover` and `finish`.
  public var isCancelled: Bool { Task.isCancelled || host.isCancelled(item: 0) }

  /// The event decoded; nil when there was none. Throws `PluginError.decoding`.
  public func event<Value: Decodable>(as type: Value.Type) throws -> Value? {
    guard let event else { return nil }
    return try decodeDocument(type, from: event, "the event")
  }

  /// How far discovery is: `done` of `total` (nil: unknown). Kept only for display.
  public func progress(_ done: UInt64, of total: UInt64? = nil) {
    host.progress(item: 0, done: done, total: total ?? 0)
  }

  /// A secret by name; nil when the job grants none of that name. Never log it. Throws `PluginError`.
  public func secret(_ name: String) throws -> String? {
    try host.secret(name).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension RunContext {
  /// A value that this job keeps from run to run; nil when there is none. Throws `PluginError.decoding` when it is of
  /// another shape.
  public func checkpoint<Value: Decodable>(
    _ key: String, as type: Value.Type = Value.self
  ) throws -> Value? {
    guard let bytes = try host.checkpoint(key) else { return nil }
    return try decodeDocument(type, from: bytes, "the checkpoint \"\(key)\"")
  }

  /// Keeps a value (at most 256 KiB of JSON) for this job; returns when it is durable. Throws `PluginError`.
  public func setCheckpoint(_ key: String, to value: some Encodable) throws {
    let bytes = try encodeDocument(
      value, "the checkpoint \"\(key)\"", maxBytes: Limits.checkpointBytes)
    try host.setCheckpoint(key, bytes)
  }

  /// Forgets a value; nothing happens when there is none. Throws `PluginError`.
  public func removeCheckpoint(_ key: String) throws {
    try host.setCheckpoint(key, [])
  }

  /// Leaves a file for people in the run's artifact folder, replacing one of that name. `name`: `[A-Za-z0-9._-]`, not
  /// beginning with a dot, at most 128 bytes. Throws `PluginError`.
  public func putArtifact(
    _ name: String, mediaType: String, content: some Collection<UInt8>
  ) throws {
    try host.putArtifact(item: 0, name, mediaType, Array(content))
  }

  /// The same for text.
  public func putArtifact(
    _ name: String, mediaType: String = "text/plain; charset=utf-8", text: String
  ) throws {
    try host.putArtifact(item: 0, name, mediaType, Array(text.utf8))
  }
}

/// The values of a run, copied out of the host's memory once and shared by all its items.
final class RunFacts: Sendable {
  let id: String
  let job: String
  let event: [UInt8]
  let isPlan: Bool
  let startedAtUs: Int64
  let deadlineUs: Int64
  let dueAtUs: Int64

  init(
    id: String, job: String, event: [UInt8], isPlan: Bool, startedAtUs: Int64, deadlineUs: Int64, dueAtUs: Int64
  ) {
    self.id = id
    self.job = job
    self.event = event
    self.isPlan = isPlan
    self.startedAtUs = startedAtUs
    self.deadlineUs = deadlineUs
    self.dueAtUs = dueAtUs
  }
}

extension Date {
  init(microseconds: Int64) {
    self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
  }
}
