import CCarillonPlugin
import CarillonPlugin
import Dispatch
import Synchronization

/// A host that counts: as cheap as one can be.
///
/// `@unchecked`: the pointer is constant; the count is atomic.
final class BenchmarkHost: @unchecked Sendable {
  let pointer: UnsafePointer<carillon_host>
  private let open = Atomic<Int>(0)
  private let room = DispatchSemaphore(value: 0)
  private let window: Int

  init(window: Int) {
    self.window = window
    let table = UnsafeMutablePointer<carillon_host>.allocate(capacity: 1)
    table.initialize(to: carillon_host())
    pointer = UnsafePointer(table)
    table.pointee.struct_size = UInt32(MemoryLayout<carillon_host>.size)
    table.pointee.abi_major = UInt16(CARILLON_ABI_MAJOR)
    table.pointee.context = Unmanaged.passUnretained(self).toOpaque()
    table.pointee.complete = { host, _, _ in
      BenchmarkHost.of(host).completed()
      return CARILLON_OK
    }
    table.pointee.begin = { _, _ in }
    table.pointee.is_cancelled = { _, _ in 0 }
  }

  /// Waits until so many items more may be open.
  func take(_ count: Int) {
    while open.load(ordering: .acquiring) + count > window { room.wait() }
    open.add(count, ordering: .acquiringAndReleasing)
  }

  /// Waits until nothing is open.
  func drain() {
    while open.load(ordering: .acquiring) > 0 { room.wait() }
  }

  func completeAll(_ batch: UnsafePointer<carillon_batch>) {
    var outcome = carillon_outcome()
    outcome.kind = CARILLON_SUCCEEDED
    for _ in 0..<batch.pointee.count {
      pointer.pointee.begin(pointer, 1)
      _ = pointer.pointee.complete(pointer, 1, &outcome)
    }
  }

  private func completed() {
    let left = open.subtract(1, ordering: .acquiringAndReleasing).newValue
    // The waiter wants room for a batch, or an end; it looks again when it got neither.
    if left == 0 || left.isMultiple(of: 64) { room.signal() }
  }

  private static func of(_ pointer: UnsafePointer<carillon_host>?) -> BenchmarkHost {
    Unmanaged<BenchmarkHost>.fromOpaque(pointer!.pointee.context).takeUnretainedValue()
  }
}

/// A batch whose items all point to one payload. Never freed.
struct BatchOfOne {
  let batch: UnsafePointer<carillon_batch>

  init(payload: String, count: Int) {
    let bytes = Self.constant(payload)
    let items = UnsafeMutablePointer<carillon_item>.allocate(capacity: count)
    for index in 0..<count {
      (items + index).initialize(
        to: carillon_item(
          struct_size: UInt32(MemoryLayout<carillon_item>.size), attempt: 1, id: UInt64(index + 1),
          key: Self.constant("photos/2026/07/IMG_\(index).jpg"), payload: bytes))
    }
    let batch = UnsafeMutablePointer<carillon_batch>.allocate(capacity: 1)
    batch.initialize(
      to: carillon_batch(
        struct_size: UInt32(MemoryLayout<carillon_batch>.size), count: UInt32(count),
        stride: UInt32(MemoryLayout<carillon_item>.stride), reserved: 0, items: items))
    self.batch = UnsafePointer(batch)
  }

  private static func constant(_ text: String) -> carillon_bytes {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.utf8.count, alignment: 1)
    copy.copyBytes(from: Array(text.utf8))
    return carillon_bytes(UnsafeRawBufferPointer(copy))
  }
}
