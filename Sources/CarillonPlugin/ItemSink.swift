import Synchronization

/// Where `discover` puts items. Gathers them and hands them over in chunks; what is left goes out when `discover` returns.
///
/// Any thread while `discover` runs; concurrent emitters are served one after the other. Blocks while the store is behind.
public final class ItemSink<Item: Codable & Sendable>: Sendable {
  private struct State {
    var chunk = ItemChunk()
    /// The first failure. It stays: a plugin that swallows it must not end its discovery as if all were named.
    var failure: (any Error)?
  }

  private let gate: SinkGate
  private let state = Mutex(State())

  init(_ gate: SinkGate) {
    self.gate = gate
  }

  /// Names one item. Throws `PluginError.refused` for a bad key or an oversized payload (nothing else is lost then), and
  /// `CancellationError` when the run is being cancelled.
  public func emit(key: String, _ value: Item, priority: Int32 = 0) throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      try state.chunk.append(NewItem(key: key, value: value, priority: priority))
      if state.chunk.isFull { try send(&state) }
    }
  }

  /// Names items, in order. Throws as `emit(key:_:priority:)`.
  public func emit(contentsOf items: some Sequence<NewItem<Item>>) throws {
    for item in items { try emit(key: item.key, item.value, priority: item.priority) }
  }

  /// The value of the last checkpoint of this discovery; nil the first time. Throws `PluginError.decoding`.
  public func checkpoint<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value? {
    gate.checkpoint.isEmpty
      ? nil : try decodeDocument(type, from: gate.checkpoint, "the discovery's checkpoint")
  }

  /// Marks that all items emitted so far need not be emitted again: after a break, discovery begins with `value` (at most
  /// 256 KiB of JSON). Throws `PluginError`, `CancellationError`.
  public func setCheckpoint(_ value: some Encodable) throws {
    let bytes = try encodeDocument(
      value, "the discovery's checkpoint", maxBytes: Limits.checkpointBytes)
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      try send(&state)
      do {
        try gate.setCheckpoint(bytes)
      } catch {
        state.failure = error
        throw error
      }
    }
  }

  /// Hands over what is gathered. Throws the first failure that any hand-over had.
  func flush() throws {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      try send(&state)
    }
  }

  private func send(_ state: inout State) throws {
    guard state.chunk.count > 0 else { return }
    do {
      try gate.emit(state.chunk)
      state.chunk.removeAll()
    } catch {
      state.failure = error
      throw error
    }
  }
}
