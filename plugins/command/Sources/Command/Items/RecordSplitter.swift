/// Cuts a stream into the records that a separator ends. The last one may lack it.
struct RecordSplitter {
  private let separator: UInt8
  private let maxBytes: Int
  private var rest: [UInt8] = []

  /// How many records were cut off so far, empty ones among them.
  private(set) var count = 0

  init(format: ItemSource.Format, maxBytes: Int = CommandItem.maxBytes) {
    separator = format == .nul ? 0 : UInt8(ascii: "\n")
    self.maxBytes = maxBytes
  }

  /// The records that end in `bytes`, with their places from 1. Empty ones are left out. Throws `CommandError.list` for one that
  /// is too long.
  mutating func take(_ bytes: some Collection<UInt8>) throws(CommandError) -> [(place: Int, bytes: [UInt8])] {
    var records: [(Int, [UInt8])] = []
    var part = bytes[...]
    while let end = part.firstIndex(of: separator) {
      rest += part[..<end]
      try close(into: &records)
      part = part[part.index(after: end)...]
    }
    rest += part
    try checkLength()
    return records
  }

  /// What is left when the stream ends.
  mutating func finish() throws(CommandError) -> [(place: Int, bytes: [UInt8])] {
    var records: [(Int, [UInt8])] = []
    if !rest.isEmpty { try close(into: &records) }
    return records
  }

  private mutating func close(into records: inout [(Int, [UInt8])]) throws(CommandError) {
    try checkLength()
    count += 1
    if separator != 0, rest.last == UInt8(ascii: "\r") { rest.removeLast() }
    if !rest.isEmpty { records.append((count, rest)) }
    rest = []
  }

  private func checkLength() throws(CommandError) {
    guard rest.count > maxBytes else { return }
    throw CommandError(.list, "line \(count + 1) has more than \(maxBytes / 1024) KiB, too much for an item")
  }
}
