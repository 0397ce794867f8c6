/// How a length is cut into parts. Pure.
package enum PartPlan {
  package static let maxParts: Int64 = 10_000

  /// Consecutive ranges of `partBytes`, the last one shorter; larger parts where 10,000 would not do. One empty range for no
  /// bytes.
  package static func ranges(length: Int64, partBytes: Int64) -> [Range<Int64>] {
    guard length > 0 else { return [0..<0] }
    let size = max(1, partBytes, (length + maxParts - 1) / maxParts)
    return stride(from: 0, to: length, by: Int64.Stride(size)).map { $0..<min($0 + size, length) }
  }
}
