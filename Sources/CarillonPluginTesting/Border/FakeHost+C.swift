import CCarillonPlugin
import CarillonPlugin

extension carillon_host {
  /// The contract's functions, each finding its `FakeHost` through the context.
  static func pretended(size: Int) -> carillon_host {
    carillon_host(
      struct_size: UInt32(size), abi_major: UInt16(CARILLON_ABI_MAJOR),
      abi_minor: UInt16(CARILLON_ABI_MINOR), context: nil,
      complete: { host, item, outcome in
        guard let outcome else { return CARILLON_REFUSED }
        return FakeHost.of(host).complete(item, carillon_outcome(reading: outcome))
      },
      begin: { host, item in FakeHost.of(host).begin(item) },
      is_cancelled: { host, item in FakeHost.of(host).isCancelled(item) ? 1 : 0 },
      deadline_us: { host, _ in FakeHost.of(host).withState { $0.script.deadlineUs } },
      idempotency_key: { host, item, buffer, capacity in
        let key = FakeHost.of(host).withState { "\($0.script.runID)/\($0.key(item))" }
        return copy(Array(key.utf8), to: buffer, capacity)
      },
      log: { host, item, level, message in
        FakeHost.of(host).withState { state in
          state.record.logs.append(
            LogLine(item: state.key(item), level: Log.Level(level), message: message.string))
        }
      },
      progress: { host, item, done, total in
        FakeHost.of(host).withState { $0.record.progress[$0.key(item)] = (done, total) }
      },
      error: { host, message in
        FakeHost.of(host).withState { $0.record.errors.append(message.string) }
      },
      checkpoint_get: { host, key, buffer, capacity, size in
        let value = FakeHost.of(host).withState { $0.record.checkpoints[key.string] }
        return read(value, to: buffer, capacity, size)
      },
      checkpoint_put: { host, key, value in
        guard value.size <= UInt64(CARILLON_MAX_CHECKPOINT_BYTES) else { return CARILLON_REFUSED }
        FakeHost.of(host).withState {
          $0.record.checkpoints[key.string] = value.size == 0 ? nil : value.string
        }
        return CARILLON_OK
      },
      emit_items: { host, item, items, count, stride in
        FakeHost.of(host).emit(newItems(items, count, stride), from: item)
      },
      emit_event: { host, item, type, json in
        FakeHost.of(host).event(item, type.string, json.array)
      },
      artifact_put: { host, _, name, type, content in
        FakeHost.of(host).artifact(
          name.string, Artifact(mediaType: type.string, content: content.array))
      },
      report: { host, json in
        FakeHost.of(host).withState { state in
          guard state.stage == .finish, json.size <= UInt64(CARILLON_MAX_OUTPUT_BYTES) else {
            return CARILLON_REFUSED
          }
          state.record.report = json.string
          return CARILLON_OK
        }
      },
      secret: { host, name, buffer, capacity, size in
        let value = FakeHost.of(host).withState { $0.script.secrets[name.string] }
        return read(value, to: buffer, capacity, size)
      },
      extension: { _, _ in nil })
  }
}

/// Items as the plugin laid them out.
func newItems(
  _ items: UnsafePointer<carillon_new_item>?, _ count: UInt32, _ stride: UInt32
) -> [TestItem] {
  guard let items else { return [] }
  return (0..<Int(count)).map { index in
    let raw = (UnsafeRawPointer(items) + index * Int(stride))
      .assumingMemoryBound(to: carillon_new_item.self)
    let item = carillon_new_item(reading: raw)
    return TestItem(key: item.key.string, payload: item.payload.array, priority: item.priority)
  }
}

private func copy(
  _ bytes: [UInt8], to buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64
) -> UInt64 {
  if let buffer, UInt64(bytes.count) <= capacity {
    UnsafeMutableRawBufferPointer(start: buffer, count: bytes.count).copyBytes(from: bytes)
  }
  return UInt64(bytes.count)
}

private func read(
  _ value: String?, to buffer: UnsafeMutablePointer<CChar>?, _ capacity: UInt64,
  _ size: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  guard let value else { return CARILLON_ABSENT }
  let count = copy(Array(value.utf8), to: buffer, capacity)
  size?.pointee = count
  return count > capacity ? CARILLON_REFUSED : CARILLON_OK
}

extension Log.Level {
  /// An unknown level is taken as info.
  fileprivate init(_ code: UInt32) {
    switch code {
    case CARILLON_DEBUG: self = .debug
    case CARILLON_WARNING: self = .warning
    case CARILLON_LOG_ERROR: self = .error
    default: self = .info
    }
  }
}
