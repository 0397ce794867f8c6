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
    let start = bytes.count
    key.withUTF8 { bytes.append(contentsOf: $0) }
    do {
      try Self.write(item, to: &bytes)
    } catch {
      bytes.removeLast(bytes.count - start)
      throw error
    }
    let middle = start + keyCount
    entries.append(Entry(key: start..<middle, payload: middle..<bytes.count, priority: item.priority))
  }

  private static func write<Item>(_ item: NewItem<Item>, to bytes: inout [UInt8]) throws {
    let start = bytes.count
    do {
      if let own = item.value as? any PayloadCoding {
        try own.writePayload(to: &bytes)
      } else {
        try JSON.payloadEncoder.encode(item.value).withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    } catch {
      throw PluginError(
        .encoding, "the payload of the item \"\(item.key)\" could not be encoded: \(errorMessage(error))", cause: error)
    }
    let count = bytes.count - start
    guard count <= Limits.payloadBytes else {
      throw PluginError(
        .refused, "the payload of the item \"\(item.key)\" is \(count) bytes; the limit is \(Limits.payloadBytes)")
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
