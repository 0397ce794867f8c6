/// One stream of a command: cut into lines, up to a limit, with its end kept.
struct OutputStream {
  /// A line without an end is cut into pieces of this size.
  static let maxLineBytes = 8 * 1024

  private let limit: Int
  private let tailBytes: Int
  private var rest: [UInt8] = []
  private var logged = 0
  private var last: [UInt8] = []

  /// Everything that was printed.
  private(set) var bytes = 0

  init(limit: Int, tail: Int) {
    self.limit = limit
    tailBytes = tail
  }

  /// How much of it is in no line.
  var dropped: Int { max(0, bytes - logged - rest.count) }

  /// The lines that `chunk` ends, without their ends.
  mutating func take(_ chunk: [UInt8]) -> [String] {
    bytes += chunk.count
    last += chunk.suffix(tailBytes)
    if last.count > 2 * tailBytes { last.removeFirst(last.count - tailBytes) }
    var lines: [String] = []
    var part = chunk[...]
    while !part.isEmpty, logged + rest.count < limit {
      let room = min(Self.maxLineBytes - rest.count, limit - logged - rest.count)
      let piece = part.prefix(room)
      guard let end = piece.firstIndex(of: UInt8(ascii: "\n")) else {
        rest += piece
        part = part.dropFirst(piece.count)
        if rest.count >= Self.maxLineBytes || logged + rest.count >= limit { lines.append(close()) }
        continue
      }
      rest += piece[..<end]
      logged += 1
      part = part[(end + 1)...]
      lines.append(close())
    }
    return lines
  }

  /// What is left when the stream ends; nil for nothing.
  mutating func finish() -> String? { rest.isEmpty ? nil : close() }

  private mutating func close() -> String {
    logged += rest.count
    if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
    defer { rest = [] }
    return String(decoding: rest, as: UTF8.self)
  }

  /// The end of the stream, for people: what is no text is replaced, and a character cut in half left out.
  var tail: String {
    var end = last.suffix(tailBytes)
    if bytes > tailBytes { end = end.drop { $0 & 0xC0 == 0x80 } }
    let text = String(decoding: end, as: UTF8.self)
    return String(String.UnicodeScalarView(text.unicodeScalars.map { Self.isPrintable($0) ? $0 : "\u{FFFD}" }))
  }

  /// The last line that says anything, at most 500 characters of it.
  var lastLine: String? {
    let line = tail.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } }
    return line.map { String($0.suffix(500)) }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 32 && scalar.value != 127 || scalar == "\n" || scalar == "\t" || scalar == "\r"
  }
}
