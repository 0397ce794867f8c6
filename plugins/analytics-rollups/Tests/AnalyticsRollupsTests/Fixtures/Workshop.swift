import Cron
import Foundation

@testable import RollupTables

/// Rolls files up without a plugin around it.
struct Workshop {
  let folder: ScratchFolder
  var settings = RollupSettings()
  /// So that small files are several ranges.
  var rangeBytes: Int64 = 100_000

  init() throws { folder = try ScratchFolder() }

  var output: OutputFolder { OutputFolder("\(folder.path)/out") }

  /// Reads one file of `in/` into its parts.
  func read(_ name: String) throws {
    try output.parts.prepare()
    let path = "\(folder.path)/in/\(name)"
    guard let (stamp, _, _) = try Stamp.of(path) else { throw RollupsError(.changed, "\(path) is not there") }
    let packing = Packing(name: name)
    let count = packing != nil ? 1 : max(1, Int((stamp.size + rangeBytes - 1) / rangeBytes))
    try output.parts.drop(of: name, from: count)
    for index in 0..<count {
      let start = Int64(index) * rangeBytes
      let span = ByteSpan(start: start, end: index + 1 < count ? start + rangeBytes : nil)
      _ = try PartMaker(output.parts).make(
        RangeInput(path: name, index: index, span: span, packing: packing, stamp: stamp, file: path))
    }
  }

  /// Reads files and makes the tables; all rows of them.
  func roll(_ names: [String]) async throws -> [String: [String]] {
    for name in names { try read(name) }
    _ = try await Publisher(output, settings).publish()
    return try TableDump.rows(output.tables)
  }

  /// Compares the tables with what DuckDB makes of the same files. What it prints.
  func compare(_ glob: String = "in/*.ndjson") throws -> String {
    try Program.run(
      Program.oraclePython,
      ["\(Program.root)/Benchmarks/rollups/duckdb_rollups.py", "compare", "\(folder.path)/\(glob)", output.tables],
      environment: ["TZ_NAME": settings.zone.identifier, "WEEK_START": String(settings.weekStart)])
  }
}
