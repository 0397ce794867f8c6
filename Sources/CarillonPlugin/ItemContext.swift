public import FoundationEssentials

/// One attempt of one item, and what the host does for it. Any thread, until `process` has returned for it: afterwards the
/// values stay, the services are the host's to refuse.
public struct ItemContext<Item: Codable & Sendable>: Sendable {
  /// Unique in the run.
  public let key: String

  /// 1 for the first.
  public let attempt: Int

  /// What `discover` (or another item) named.
  public let value: Item

  public let run: RunContext

  let id: UInt64

  /// `run id/key`: the same for every attempt, so that a service can recognise a repetition.
  public var idempotencyKey: String {
    // An older host lacks the call, but the contract says how the key is made.
    run.host.idempotencyKey(item: id) ?? "\(run.id)/\(key)"
  }

  /// The attempt is cancelled then; nil: no deadline.
  public var deadlineAt: Date? {
    run.host.deadlineUs(item: id).map { Date(microseconds: $0) }
  }

  /// Lines that belong to this item.
  public var log: Log { Log(host: run.host, item: id) }

  /// The item should stop: complete it with any outcome soon. Task cancellation says the same.
  public var isCancelled: Bool { Task.isCancelled || run.host.isCancelled(item: id) }

  /// How far the item is: `done` of `total` (nil: unknown). Kept only for display; the newest wins.
  public func progress(_ done: UInt64, of total: UInt64? = nil) {
    run.host.progress(item: id, done: done, total: total ?? 0)
  }
}

extension ItemContext {
  /// Adds an item to the run (fan-out). Stored no later than this item's outcome. Throws `PluginError`.
  public func emit(key: String, _ value: Item, priority: Int32 = 0) throws {
    try emit(contentsOf: [NewItem(key: key, value: value, priority: priority)])
  }

  /// Adds items to the run, all or none of them. Throws `PluginError`, `CancellationError`.
  public func emit(contentsOf items: some Sequence<NewItem<Item>>) throws {
    var chunk = ItemChunk()
    for item in items { try chunk.append(item) }
    guard chunk.count > 0 else { return }
    try run.host.emitItems(item: id, chunk)
  }

  /// Emits an event: a type (`image_processed`) and a JSON document of at most 64 KiB. Stored with a succeeded or skipped
  /// outcome and dropped with any other; at most 64 for an item. Throws `PluginError`.
  public func emitEvent(_ type: String, _ document: some Encodable) throws {
    try run.host.emitEvent(
      item: id, type,
      try encodeDocument(document, "the event \"\(type)\"", maxBytes: Limits.eventBytes))
  }

  /// Leaves a file for people in the run's artifact folder; see `RunContext.putArtifact`.
  public func putArtifact(
    _ name: String, mediaType: String, content: some Collection<UInt8>
  ) throws {
    try run.host.putArtifact(item: id, name, mediaType, Array(content))
  }

  /// The same for text.
  public func putArtifact(
    _ name: String, mediaType: String = "text/plain; charset=utf-8", text: String
  ) throws {
    try run.host.putArtifact(item: id, name, mediaType, Array(text.utf8))
  }
}
