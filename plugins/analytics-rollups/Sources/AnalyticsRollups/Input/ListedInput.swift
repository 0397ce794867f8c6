package import RollupTables

/// A file or object that holds events, as its source lists it.
package struct ListedInput: Codable, Hashable, Sendable {
  /// Below the source, with slashes.
  package var path: String
  package var stamp: Stamp

  /// How much of a plain input one item reads. Part of what parts are called: it must not change.
  static let rangeBytes: Int64 = 64 << 20

  /// How many items it is.
  var ranges: Int {
    if Packing(name: path) != nil { return 1 }
    return max(1, Int((stamp.size + Self.rangeBytes - 1) / Self.rangeBytes))
  }

  /// The bytes of a range: of one that is the last, all that are left.
  func span(_ index: Int) -> ByteSpan {
    let start = Int64(index) * Self.rangeBytes
    return ByteSpan(start: start, end: index + 1 < ranges ? start + Self.rangeBytes : nil)
  }
}

/// Where events come from. Calls may come from any thread and overlap.
package protocol InputSource: Sendable {
  /// Names every file, in the order of their paths' parts. Throws `RollupsError`, `AWSError`, `CancellationError` and what `visit`
  /// throws.
  func list(visit: (ListedInput) throws -> Void) async throws

  /// Brings a range to where it can be read. Throws `RollupsError`, `AWSError`.
  func open(_ input: ListedInput, _ index: Int, in parts: PartFolder) async throws -> RangeInput

  /// It is still as it was listed. Throws `RollupsError`.
  func isCurrent(_ input: ListedInput) throws -> Bool

  /// Ends what `open` began.
  func close(_ range: RangeInput) throws
}
