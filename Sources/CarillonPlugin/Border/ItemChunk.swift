import CCarillonPlugin
import FoundationEssentials

/// New items gathered for one call to the host: keys and payloads behind one another in one buffer.
struct ItemChunk {
  private struct Entry {
    var key: Range<Int>
    var payload: Range<Int>
    var priority: Int32
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []

  var count: Int { entries.count }

  /// Worth a call: the price of one is spread over enough items, and the memory stays small.
  var isFull: Bool { entries.count >= 512 || bytes.count >= 256 * 1024 }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
  }

  /// Throws `PluginError` when the item breaks a limit or cannot be encoded; the chunk is then as before.
  mutating func append<Item>(_ item: NewItem<Item>) throws {
    var key = item.key
    let keyCount = key.utf8.count
    guard keyCount > 0, keyCount <= Limits.keyBytes, !key.utf8.contains(0) else {
      throw PluginError(
        .refused,
        "the item key \"\(item.key.prefix(80))\" is \(keyCount) bytes; it needs 1 to \(Limits.keyBytes) without a NUL"
      )
    }
    let payloadCount: Int
    let start = bytes.count
    if let raw = item.value as? RawPayload {
      payloadCount = raw.bytes.count
      try checkPayload(payloadCount, item.key)
      key.withUTF8 { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: raw.bytes)
    } else {
      let json: Data
      do {
        json = try JSON.payloadEncoder.encode(item.value)
      } catch {
        throw PluginError(
          .encoding,
          "the payload of the item \"\(item.key)\" could not be encoded: \(errorMessage(error))",
          cause: error)
      }
      payloadCount = json.count
      try checkPayload(payloadCount, item.key)
      key.withUTF8 { bytes.append(contentsOf: $0) }
      json.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    let middle = start + keyCount
    entries.append(
      Entry(
        key: start..<middle, payload: middle..<(middle + payloadCount), priority: item.priority))
  }

  private func checkPayload(_ count: Int, _ key: String) throws {
    guard count <= Limits.payloadBytes else {
      throw PluginError(
        .refused,
        "the payload of the item \"\(key)\" is \(count) bytes; the limit is \(Limits.payloadBytes)")
    }
  }

  /// Lends the items to a C call: items, count, stride.
  func withItems<Result>(
    _ body: (UnsafePointer<carillon_new_item>?, UInt32, UInt32) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { all in
      let items = entries.map { entry in
        carillon_new_item(
          struct_size: UInt32(MemoryLayout<carillon_new_item>.size), priority: entry.priority,
          key: carillon_bytes(UnsafeRawBufferPointer(rebasing: all[entry.key])),
          payload: carillon_bytes(UnsafeRawBufferPointer(rebasing: all[entry.payload])))
      }
      return items.withUnsafeBufferPointer {
        body($0.baseAddress, UInt32(items.count), UInt32(MemoryLayout<carillon_new_item>.stride))
      }
    }
  }
}
