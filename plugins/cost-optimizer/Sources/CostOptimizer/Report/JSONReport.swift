import FoundationEssentials

/// The report for machines: every figure unrounded, keys sorted.
enum JSONReport {
  static func bytes(_ report: AccountReport) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(report)) + [0x0A]
  }
}
