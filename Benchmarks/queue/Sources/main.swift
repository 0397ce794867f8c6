import Engine
import Foundation
import JobModel
import Store

/// What a queue is for, end to end: items named by a plugin in its process, stored, handed to a worker process, completed, and
/// their outcomes committed with synchronous=FULL. Beside it plain SQLite in C doing the same inserts and updates.
///
///   queue-bench DIRECTORY HOST PLUGINS CEILING [ITEMS]
let arguments = CommandLine.arguments
guard arguments.count >= 5 else {
  FileHandle.standardError.write(Data("usage: queue-bench DIRECTORY HOST PLUGINS CEILING [ITEMS]\n".utf8))
  exit(64)
}
let bench = QueueBench(directory: arguments[1], host: arguments[2], plugins: arguments[3])
let items = arguments.count > 5 ? Int(arguments[5]) ?? 500_000 : 500_000

let ceiling = try Ceiling.measure(program: arguments[4], directory: arguments[1], items: items)
print("ceiling: \(Int(ceiling)) items/s (plain SQLite in C: insert, read, complete)")
let raw = try await bench.measure(plugin: "noop", items: items)
print("raw:     \(raw)")
let typed = try await bench.measure(plugin: "typed-noop", items: items)
print("typed:   \(typed)")
let large = try await bench.measure(plugin: "noop", items: 2 * items)
print("large:   \(large)")
print("ratio:   raw \(percent(raw.perSecond / ceiling)), typed \(percent(typed.perSecond / ceiling)) of the ceiling")
print(
  """
  {"bench":"queue","raw_items_per_s":\(Int(raw.perSecond)),"typed_items_per_s":\(Int(typed.perSecond)),\
  "ceiling_items_per_s":\(Int(ceiling)),"daemon_rss_mib":\(large.peakMiB),"wal_peak_mib":\(large.walPeakMiB)}
  """)

func percent(_ ratio: Double) -> String { "\(Int(ratio * 100)) %" }
