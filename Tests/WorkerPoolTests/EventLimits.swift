import JobModel
import WorkerPool

/// What the engine may rely on in an event that was accepted, however hostile the bytes were.
enum EventLimits {
  /// What is wrong with an event; nil: nothing.
  static func breach(in event: WorkerEvent) -> String? {
    switch event {
    case .outcomes(let outcomes):
      for entry in outcomes.entries {
        if entry.durationMicroseconds < 0 { return "a negative duration" }
        let parts = [(entry.reason, 16), (entry.output, 64), (entry.effect, 64), (entry.dependency, 16)]
        for (range, kibibytes) in parts {
          guard fits(range, outcomes.bytes) else { return "a range outside the bytes" }
          // A byte that is no UTF-8 becomes three that are.
          if range.count > kibibytes * 1_024 * 3 { return "a text of \(range.count) bytes" }
          if String(validating: outcomes.bytes[range.range], as: UTF8.self) == nil { return "a text that is not UTF-8" }
        }
      }
      return nil
    case .items(let items, _):
      for entry in items.entries {
        guard fits(entry.key, items.bytes), fits(entry.payload, items.bytes) else { return "a range outside the bytes" }
        guard (1...1_024).contains(entry.key.count) else { return "a key of \(entry.key.count) bytes" }
        if entry.payload.count > 256 * 1_024 { return "a payload of \(entry.payload.count) bytes" }
        let key = items.bytes[entry.key.range]
        if key.contains(0) || String(validating: key, as: UTF8.self) == nil { return "a key that is no text" }
      }
      return nil
    case .log(_, _, let message), .refused(_, let message): return tooLong(message, 16)
    case .report(let json), .event(_, _, let json): return tooLong(json, 64)
    case .artifact(let name, let type, let bytes):
      return name.utf8.count > 384 || type.utf8.count > 768 || bytes < 0 ? "an artifact without measure" : nil
    case .loaded(let plugin): return plugin.manifestJSON.count > 64 * 1_024 ? "a manifest without measure" : nil
    case .checkpoint(let value): return value.count > 256 * 1_024 ? "a checkpoint without measure" : nil
    case .request(_, .checkpointPut(let key, let value)):
      return value.count > 256 * 1_024 ? "a value without measure" : tooLong(key, 16)
    case .request(_, .checkpointGet(let key)), .request(_, .secret(let key)): return tooLong(key, 16)
    case .output, .violation, .ended: return "an event that no frame may bring"
    default: return nil
    }
  }

  private static func fits(_ range: ByteRange, _ bytes: [UInt8]) -> Bool {
    range.offset >= 0 && range.count >= 0 && Int(range.offset) + Int(range.count) <= bytes.count
  }

  private static func tooLong(_ text: String, _ kibibytes: Int) -> String? {
    text.utf8.count > kibibytes * 1_024 * 3 ? "a text of \(text.utf8.count) bytes" : nil
  }
}
