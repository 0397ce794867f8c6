import CCarillonPlugin
import CarillonPlugin

/// The memory of one batch, as strict as the contract allows: an item's bytes are overwritten the moment it is complete, so
/// that a plugin which reads them later reads garbage here rather than in production.
///
/// `@unchecked`: each item's bytes are written again only once, by the host under its lock.
final class BatchMemory: @unchecked Sendable {
  let batch: UnsafeMutablePointer<carillon_batch>
  /// Longer than the plugin's idea of an item, as a newer host's would be.
  private let stride = MemoryLayout<carillon_item>.stride + 16
  private let items: UnsafeMutableRawPointer
  private let bytes: [UnsafeMutableRawBufferPointer]

  init(_ entries: [(id: UInt64, attempt: Int, item: TestItem)]) {
    items = .allocate(byteCount: stride * entries.count, alignment: 16)
    items.initializeMemory(as: UInt8.self, repeating: 0, count: stride * entries.count)
    var bytes: [UnsafeMutableRawBufferPointer] = []
    for (index, entry) in entries.enumerated() {
      let key = Array(entry.item.key.utf8)
      let buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: key.count + entry.item.payload.count, alignment: 1)
      buffer.copyBytes(from: key + entry.item.payload)
      bytes.append(buffer)
      let all = UnsafeRawBufferPointer(buffer)
      let item = carillon_item(
        struct_size: UInt32(stride), attempt: UInt32(entry.attempt), id: entry.id,
        key: carillon_bytes(UnsafeRawBufferPointer(rebasing: all.prefix(key.count))),
        payload: carillon_bytes(UnsafeRawBufferPointer(rebasing: all.dropFirst(key.count))))
      (items + index * stride).storeBytes(of: item, as: carillon_item.self)
    }
    self.bytes = bytes
    batch = .allocate(capacity: 1)
    batch.initialize(
      to: carillon_batch(
        struct_size: UInt32(MemoryLayout<carillon_batch>.size), count: UInt32(entries.count),
        stride: UInt32(stride), reserved: 0,
        items: UnsafePointer(items.assumingMemoryBound(to: carillon_item.self))))
  }

  /// Makes an item's memory worthless.
  func poison(_ index: Int) {
    _ = bytes[index].initializeMemory(as: UInt8.self, repeating: 0xDD)
    let item = UnsafeMutableRawBufferPointer(start: items + index * stride, count: stride)
    _ = item.initializeMemory(as: UInt8.self, repeating: 0xDD)
  }

  deinit {
    for buffer in bytes { buffer.deallocate() }
    items.deallocate()
    batch.deallocate()
  }
}
