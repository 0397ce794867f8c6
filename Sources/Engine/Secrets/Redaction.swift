#if canImport(Glibc)
  import Glibc
#endif

/// Secrets that a worker knows, to be struck out of whatever it says. Each byte becomes `*`, so that offsets stay.
struct Redaction: Sendable {
  /// As they may be spelled: as they are, as JSON, each long line alone. Longest first.
  private var patterns: [[UInt8]] = []

  /// Shorter values are left: they would strike out half of every text, and hide nothing.
  private static let minBytes = 4
  /// A line of a value with several is struck out by itself from this length on.
  private static let minLineBytes = 16

  var isEmpty: Bool { patterns.isEmpty }

  mutating func hide(_ value: [UInt8]) {
    var spellings: Set<[UInt8]> = [value, Self.inJSON(value, escapesSlashes: false), Self.inJSON(value, escapesSlashes: true)]
    let lines = value.split(separator: UInt8(ascii: "\n"))
    if lines.count > 1 { for line in lines where line.count >= Self.minLineBytes { spellings.insert(Array(line)) } }
    patterns = Set(patterns).union(spellings.filter { $0.count >= Self.minBytes })
      .sorted { $0.count > $1.count }
  }

  func strike(_ bytes: inout [UInt8]) {
    guard !patterns.isEmpty, !bytes.isEmpty else { return }
    bytes.withUnsafeMutableBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      for pattern in patterns {
        var from = 0
        while from + pattern.count <= buffer.count,
          let hit = memchr(base + from, Int32(pattern[0]), buffer.count - pattern.count - from + 1)
        {
          from = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
          guard memcmp(hit, pattern, pattern.count) == 0 else {
            from += 1
            continue
          }
          memset(hit, Int32(UInt8(ascii: "*")), pattern.count)
          from += pattern.count
        }
      }
    }
  }

  func struck(_ text: String) -> String {
    guard !patterns.isEmpty else { return text }
    var bytes = Array(text.utf8)
    strike(&bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func inJSON(_ value: [UInt8], escapesSlashes: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in value {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "/") where escapesSlashes: bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
      case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
      default: bytes.append(byte)
      }
    }
    return bytes
  }
}
