import CCarillonPlugin
import CarillonPlugin

/// The listing of finished items that `finish` walks. One thread. Each result's memory is overwritten at the next one.
final class ResultCursor {
  private let items: [TestItem]
  private let completions: [String: Completion]
  private let attempts: [String: Int]
  private var position = 0
  private var memory: UnsafeMutableRawBufferPointer?

  init(_ state: HostState) {
    completions = Dictionary(
      state.record.completions.map { ($0.key, $0) }, uniquingKeysWith: { _, last in last })
    let completions = completions
    items = state.record.items.filter { completions[$0.key] != nil }
    attempts = state.script.attempts
  }

  deinit {
    memory?.deallocate()
  }

  /// What the plugin gets; valid as long as the cursor.
  var summary: carillon_summary {
    let kinds = completions.values.map(\.kind)
    let succeeded = kinds.count { $0 == .succeeded }
    let skipped = kinds.count { $0 == .skipped }
    return carillon_summary(
      struct_size: UInt32(MemoryLayout<carillon_summary>.size), reserved: 0,
      context: Unmanaged.passUnretained(self).toOpaque(), succeeded: UInt64(succeeded),
      skipped: UInt64(skipped), dead: UInt64(kinds.count - succeeded - skipped), cancelled: 0,
      started_at_us: 1_700_000_000_000_000,
      next: { context, result in
        guard let context, let result else { return CARILLON_REFUSED }
        return Unmanaged<ResultCursor>.fromOpaque(context).takeUnretainedValue().next(result)
      })
  }

  private func next(_ result: UnsafeMutablePointer<carillon_result>) -> Int32 {
    if let memory {
      _ = memory.initializeMemory(as: UInt8.self, repeating: 0xDD)
      memory.deallocate()
    }
    memory = nil
    guard position < items.count, let end = completions[items[position].key] else {
      return CARILLON_ABSENT
    }
    let item = items[position]
    position += 1
    let fields = [Array(item.key.utf8), item.payload, Array(end.output.utf8), Array(end.reason.utf8)]
    let all = UnsafeMutableRawBufferPointer.allocate(
      byteCount: fields.reduce(0) { $0 + $1.count }, alignment: 1)
    all.copyBytes(from: fields.joined())
    memory = all
    var offset = 0
    func field(_ index: Int) -> carillon_bytes {
      defer { offset += fields[index].count }
      return carillon_bytes(
        UnsafeRawBufferPointer(rebasing: all[offset..<(offset + fields[index].count)]))
    }
    let kind =
      switch end.kind {
      case .succeeded: CARILLON_SUCCEEDED
      case .skipped: CARILLON_SKIPPED
      default: CARILLON_FAILED
      }
    result.pointee = carillon_result(
      struct_size: UInt32(MemoryLayout<carillon_result>.size),
      attempts: UInt32(attempts[item.key] ?? 1), kind: kind, reserved: 0, duration_us: 1000,
      key: field(0), payload: field(1), output: field(2), reason: field(3))
    return CARILLON_OK
  }
}
