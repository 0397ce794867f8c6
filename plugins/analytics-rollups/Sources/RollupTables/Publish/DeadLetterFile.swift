import FoundationEssentials

/// The lines of all inputs that are no events: one JSON document a line.
struct DeadLetterFile {
  private struct Row: Encodable {
    var path: String
    /// From 1; nil where an earlier range of the file was not read.
    var line: Int64?
    var byte: Int64
    var reason: String
    var text: String
  }

  private let path: String

  init(_ path: String) { self.path = path }

  /// Puts a new file in the place of the old one. `parts` are in the order of paths and ranges. Throws `system`.
  func write(_ parts: [PartFacts]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let passing = path + ".new"
    var bytes = ByteWriter(try SystemFile.create(passing))
    var before: (path: String, next: Int, lines: Int64) = ("", 0, 0)
    for part in parts {
      if part.path != before.path { before = (part.path, 0, 0) }
      let isKnown = part.index == before.next
      for letter in part.deadLetters {
        let reason = Malformed(rawValue: letter.reason)?.reason ?? "malformed"
        let row = Row(
          path: part.path, line: isKnown ? before.lines + letter.line : nil, byte: letter.byte, reason: reason,
          text: letter.text)
        try bytes.write(Array(try encoder.encode(row)) + [0x0A])
      }
      if isKnown { before = (part.path, part.index + 1, before.lines + part.lines) }
    }
    try bytes.finish()
    try SystemFile.move(passing, over: path)
  }
}
