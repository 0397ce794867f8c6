import CCarillonPlugin

/// The host's functions. All of those here may be called from any thread, as the contract says of each, except `error`.
///
/// `@unchecked`: both fields are constant and the host guarantees that its struct outlives the instance.
final class Host: @unchecked Sendable {
  private let pointer: UnsafePointer<carillon_host>
  /// Our copy under the growth rule: functions that the host does not know are nil here.
  private let table: carillon_host

  init(_ pointer: UnsafePointer<carillon_host>) {
    self.pointer = pointer
    self.table = carillon_host(reading: pointer)
  }

  /// What this host cannot do that no plugin can do without; nil when it can.
  var defect: String? {
    if table.abi_major != UInt16(CARILLON_ABI_MAJOR) {
      return "the host speaks plugin ABI \(table.abi_major), the plugin \(CARILLON_ABI_MAJOR)"
    }
    return table.complete == nil ? "the host has no `complete`: its struct is too small" : nil
  }

  func complete(item: UInt64, _ outcome: UnsafePointer<carillon_outcome>) -> Int32 {
    table.complete?(pointer, item, outcome) ?? CARILLON_REFUSED
  }

  func begin(item: UInt64) {
    table.begin?(pointer, item)
  }

  func isCancelled(item: UInt64) -> Bool {
    (table.is_cancelled?(pointer, item) ?? 0) != 0
  }

  /// nil: none, or a host that knows no deadlines.
  func deadlineUs(item: UInt64) -> Int64? {
    guard let call = table.deadline_us else { return nil }
    let us = call(pointer, item)
    return us == 0 ? nil : us
  }

  /// nil: a host that knows no idempotency keys.
  func idempotencyKey(item: UInt64) -> String? {
    guard let call = table.idempotency_key else { return nil }
    var buffer = [CChar](repeating: 0, count: 256)
    while true {
      let size = Int(call(pointer, item, &buffer, UInt64(buffer.count)))
      if size <= buffer.count {
        return buffer.withUnsafeBytes { String(decoding: $0.prefix(size), as: UTF8.self) }
      }
      buffer = [CChar](repeating: 0, count: size)
    }
  }

  func log(item: UInt64, level: Log.Level, _ message: () -> String) {
    guard let call = table.log else { return }
    withBytes(message()) { call(pointer, item, level.code, $0) }
  }

  func progress(item: UInt64, done: UInt64, total: UInt64) {
    table.progress?(pointer, item, done, total)
  }

  /// Main thread only.
  func error(_ message: String) {
    withBytes(message) { table.error?(pointer, $0) }
  }
}

extension Host {
  func checkpoint(_ key: String) throws -> [UInt8]? {
    guard let call = table.checkpoint_get else { throw unsupported("checkpoints") }
    return try read("the checkpoint \"\(key)\"") { buffer, capacity, size in
      withBytes(key) { call(pointer, $0, buffer, capacity, size) }
    }
  }

  func setCheckpoint(_ key: String, _ value: [UInt8]) throws {
    guard let call = table.checkpoint_put else { throw unsupported("checkpoints") }
    try Status.check(
      withBytes(key) { key in withBytes(value) { call(pointer, key, $0) } },
      "the checkpoint \"\(key)\"")
  }

  func secret(_ name: String) throws -> [UInt8]? {
    guard let call = table.secret else { throw unsupported("secrets") }
    return try read("the secret \"\(name)\"") { buffer, capacity, size in
      withBytes(name) { call(pointer, $0, buffer, capacity, size) }
    }
  }

  func emitItems(item: UInt64, _ chunk: borrowing ItemChunk) throws {
    guard let call = table.emit_items else { throw unsupported("fan-out") }
    let status = chunk.withItems { call(pointer, item, $0, $1, $2) }
    try Status.check(status, "fan-out of \(chunk.count) items")
  }

  func emitEvent(item: UInt64, _ type: String, _ json: [UInt8]) throws {
    guard let call = table.emit_event else { throw unsupported("events") }
    let status = withBytes(type) { type in withBytes(json) { call(pointer, item, type, $0) } }
    try Status.check(status, "the event \"\(type)\"")
  }

  func putArtifact(item: UInt64, _ name: String, _ mediaType: String, _ content: [UInt8]) throws {
    guard let call = table.artifact_put else { throw unsupported("artifacts") }
    let status = withBytes(name) { name in
      withBytes(mediaType) { type in withBytes(content) { call(pointer, item, name, type, $0) } }
    }
    try Status.check(status, "the artifact \"\(name)\"")
  }

  /// Main thread, in finish.
  func report(_ json: [UInt8]) throws {
    guard let call = table.report else { throw unsupported("reports") }
    try Status.check(withBytes(json) { call(pointer, $0) }, "the report")
  }

  /// Reads a value of unknown length; nil when it is absent.
  private func read(
    _ what: String,
    _ call: (UnsafeMutablePointer<CChar>?, UInt64, UnsafeMutablePointer<UInt64>) -> Int32
  ) throws -> [UInt8]? {
    var capacity = 1024
    while true {
      var size: UInt64 = 0
      var status = CARILLON_OK
      let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        // CChar and UInt8 are the same bytes; the host writes `size` of them when it says OK.
        status = buffer.withMemoryRebound(to: CChar.self) {
          call($0.baseAddress, UInt64(capacity), &size)
        }
        count = status == CARILLON_OK ? min(Int(size), capacity) : 0
      }
      if status == CARILLON_ABSENT { return nil }
      if status == CARILLON_REFUSED, size > UInt64(capacity), size <= UInt64(Int32.max) {
        // It may grow again before the next look, hence the loop.
        capacity = Int(size)
        continue
      }
      try Status.check(status, what)
      return bytes
    }
  }

  private func unsupported(_ what: String) -> PluginError {
    PluginError(.unsupported, "this host knows no \(what): it is older than the plugin")
  }
}

extension Log.Level {
  fileprivate var code: UInt32 {
    switch self {
    case .debug: CARILLON_DEBUG
    case .info: CARILLON_INFO
    case .warning: CARILLON_WARNING
    case .error: CARILLON_LOG_ERROR
    }
  }
}
