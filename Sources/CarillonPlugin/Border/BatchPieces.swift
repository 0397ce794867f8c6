import CCarillonPlugin

/// A batch in pieces small enough that the first items begin while the rest is still being decoded.
struct BatchPieces: Sequence, IteratorProtocol {
  static let maxItems = 64
  static let maxBytes: UInt64 = 256 * 1024

  private let batch: carillon_batch
  private var position: UInt32 = 0

  init(_ pointer: UnsafePointer<carillon_batch>) {
    batch = carillon_batch(reading: pointer)
  }

  mutating func next() -> [carillon_item]? {
    guard position < batch.count, let items = batch.items else { return nil }
    var piece: [carillon_item] = []
    piece.reserveCapacity(Self.maxItems)
    var bytes: UInt64 = 0
    while position < batch.count, piece.count < Self.maxItems, bytes < Self.maxBytes {
      // By the given stride: a newer host's items are longer than ours.
      let pointer = UnsafeRawPointer(items).advanced(by: Int(position) * Int(batch.stride))
      let item = carillon_item(reading: pointer.assumingMemoryBound(to: carillon_item.self))
      piece.append(item)
      bytes += item.payload.size
      position += 1
    }
    return piece
  }
}
