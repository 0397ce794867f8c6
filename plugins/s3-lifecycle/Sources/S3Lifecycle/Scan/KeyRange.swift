/// A part of a bucket that is listed in one go, or first looked into for the parts it has.
package struct KeyRange: Hashable, Sendable {
  package var prefix: String
  /// Inclusive, and not just a prefix: a key.
  package var from: String?
  /// Exclusive.
  package var until: String?
  /// How often it was looked into on the way here.
  package var depth: Int

  package init(prefix: String, from: String? = nil, until: String? = nil, depth: Int = 0) {
    self.prefix = prefix
    self.from = from
    self.until = until
    self.depth = depth
  }

  /// Whether a key lies within; one past the end ends the listing. A stretch between two keys holds what has a slash after
  /// the prefix: the prefix's own keys were met where the stretch was found.
  package func place(of key: String) -> Place {
    guard let from else { return .within }
    if key.utf8.lexicographicallyPrecedes(from.utf8) { return .before }
    if let until, !key.utf8.lexicographicallyPrecedes(until.utf8) { return .past }
    return key.utf8.dropFirst(prefix.utf8.count).contains(UInt8(ascii: "/")) ? .within : .before
  }

  package enum Place: Hashable, Sendable { case before, within, past }

  /// A key for `start-after`, which is exclusive, so that `from` itself comes: the greatest one before it that is easily
  /// said. What else it lets through is `before`.
  package var startAfter: String? {
    guard let from, let last = from.unicodeScalars.last, last.value > 1 else { return nil }
    // Code points below the surrogates and above them are in the order of their UTF-8.
    guard let lower = Unicode.Scalar(last.value - 1) else { return nil }
    var scalars = String.UnicodeScalarView(from.unicodeScalars.dropLast())
    scalars.append(lower)
    return String(scalars) + "\u{10FFFF}"
  }

  /// Prefixes in their order, each ending in a slash, as a few stretches.
  package static func chunks(_ prefixes: [String], of prefix: String, count: Int, depth: Int) -> [KeyRange] {
    guard let last = prefixes.last else { return [] }
    let size = (prefixes.count + count - 1) / count
    let starts = stride(from: 0, to: prefixes.count, by: size).map { prefixes[$0] }
    // A zero comes right after a slash.
    let ends = starts.dropFirst() + [String(last.dropLast()) + "0"]
    return zip(starts, ends).map { KeyRange(prefix: prefix, from: $0, until: $1, depth: depth) }
  }
}
