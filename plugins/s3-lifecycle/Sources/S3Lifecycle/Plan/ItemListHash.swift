import Crypto
import Foundation

/// A hash of a list of items that does not depend on their order, as prefixes are listed at once: the sum of the items'
/// SHA-256, in four lanes. It tells lists apart that differ by accident; it is no protection against forgery.
package struct ItemListHash: Hashable, Sendable {
  package private(set) var count = 0
  package private(set) var bytes: Int64 = 0
  private var lanes: SIMD4<UInt64> = .zero

  package init() {}

  package mutating func add(_ item: DueObject) {
    add(
      "\(item.key)\0\(item.versionID ?? "")\0\(item.eTag)\0\(item.bytes)\0\(item.from)\0\(item.to)\0\(item.rule)",
      bytes: item.bytes)
  }

  package mutating func add(_ text: String, bytes size: Int64 = 0) {
    count += 1
    bytes += size
    let digest = SHA256.hash(data: Data(text.utf8))
    let lanes = digest.withUnsafeBytes { $0.loadUnaligned(as: SIMD4<UInt64>.self) }
    self.lanes = self.lanes &+ lanes
  }

  package mutating func add(_ other: ItemListHash) {
    count += other.count
    bytes += other.bytes
    lanes = lanes &+ other.lanes
  }

  /// 64 hexadecimal digits.
  package var text: String {
    (0..<4).map { lane in
      let digits = String(lanes[lane], radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}
