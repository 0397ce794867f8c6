import Engine
import Foundation
import JobModel
import Store

/// How long a person waits from a trigger until the first item is at work: with a worker that is warm from an earlier run, and
/// cold, where the host is started and the plugin loaded first. "At work" is when the item was handed to its worker.
///
///   trigger-bench DIRECTORY HOST PLUGINS [RUNS]
let arguments = CommandLine.arguments
guard arguments.count >= 4 else {
  FileHandle.standardError.write(Data("usage: trigger-bench DIRECTORY HOST PLUGINS [RUNS]\n".utf8))
  exit(64)
}
let bench = TriggerBench(directory: arguments[1], host: arguments[2], plugins: arguments[3])
let runs = arguments.count > 4 ? Int(arguments[4]) ?? 300 : 300

let warm = try await bench.measure(plugin: "noop", runs: runs, keepsWarm: true)
print("warm, C:     \(warm)")
let warmSwift = try await bench.measure(plugin: "typed-noop", runs: runs, keepsWarm: true)
print("warm, Swift: \(warmSwift)")
let coldC = try await bench.measure(plugin: "noop", runs: runs / 3, keepsWarm: false)
print("cold, C:     \(coldC)")
let coldSwift = try await bench.measure(plugin: "typed-noop", runs: runs / 3, keepsWarm: false)
print("cold, Swift: \(coldSwift)")
print("one fsync:   \(try bench.fsyncs(runs))")
print(
  """
  {"bench":"trigger","warm_p99_ms":\(warm.p99),"cold_c_p99_ms":\(coldC.p99),"cold_swift_p99_ms":\(coldSwift.p99)}
  """)
