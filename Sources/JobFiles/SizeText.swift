/// Sizes of memory as job files write them: `512MiB`, `2GiB`, `100MB`, `64KiB`, `4096B`; `0` needs no unit.
package enum SizeText {
  private static let units: [(suffix: String, bytes: Double)] = [
    ("KiB", 1_024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776), ("kB", 1_000), ("KB", 1_000),
    ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
  ]

  /// Bytes; nil when the text is no size, or more than an exabyte.
  package static func parse(_ text: String) -> Int64? {
    if text == "0" { return 0 }
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let suffix = text.dropFirst(number.count).drop { $0 == " " }
    guard let value = Double(number), let unit = units.first(where: { $0.suffix == suffix }) else { return nil }
    let bytes = value * unit.bytes
    return bytes <= 1e18 ? Int64(bytes.rounded()) : nil
  }

  /// For people: `1.4 MiB`.
  package static func format(_ bytes: Int64) -> String {
    var value = Double(bytes)
    for unit in ["B", "KiB", "MiB", "GiB"] {
      if value < 1_024 { return unit == "B" ? "\(bytes) B" : "\((value * 10).rounded() / 10) \(unit)" }
      value /= 1_024
    }
    return "\((value * 10).rounded() / 10) TiB"
  }
}
