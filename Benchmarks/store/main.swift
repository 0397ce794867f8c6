import Foundation
import JobModel
import Store

/// Measures the SQLite store alone: adds, reads and records ITEMS in batches, and prints items a second by phase, with the
/// ceiling of plain SQLite (`sqlite_ceiling`) measured in the same run when its path is given.
///
///   store-bench DIRECTORY [ITEMS] [BATCH] [CEILING]
let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  FileHandle.standardError.write(Data("usage: store-bench DIRECTORY [ITEMS] [BATCH] [CEILING]\n".utf8))
  exit(2)
}
let directory = arguments[1]
let count = arguments.count > 2 ? Int(arguments[2]) ?? 500_000 : 500_000
let batch = arguments.count > 3 ? Int(arguments[3]) ?? 1_024 : 1_024

let own = try await StoreRun(directory: directory + "/store", count: count, batch: batch).measure()
print("store    ", own)
if arguments.count > 4 {
  let ceiling = try Ceiling.measure(program: arguments[4], directory: directory, count: count, batch: batch)
  print("ceiling  ", ceiling)
  print("ratio    ", own.ratios(to: ceiling))
}
