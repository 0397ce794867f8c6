import CCarillonPlugin
import CarillonPlugin
import FoundationEssentials

/// Items per second through a plugin's C functions: what the SDK adds to a plugin that does nothing. Prints wall time and
/// processor time, and each against the ceiling measured in the same run: for raw payloads a loop that only begins and
/// completes, for typed ones Foundation's decoder alone, which is most of their price.
///
///     swift run -c release sdk-benchmark [ITEMS [BATCH]]

let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
let count = arguments.first ?? 1_000_000
let batch = arguments.dropFirst().first ?? 256

let json = #"{"path":"/var/lib/photos/2026/07/IMG_4711.jpg","width":4032,"height":3024,"album":"summer","stars":4}"#

let ceiling = measure("loop of begin + complete", nil)
measure("raw payload", PluginEntry.make(RawNoOp.self), against: ceiling)
let oneByOne = measureDecoder("JSONDecoder, one call an item", together: 1)
let decoder = measureDecoder("JSONDecoder, 64 items a call", together: 64, against: oneByOne)
measure("typed payload", PluginEntry.make(TypedNoOp.self), against: decoder)
measure("typed payload, output of one key", PluginEntry.make(TypedOutput.self), against: decoder)
measure("typed payload, suspends once", PluginEntry.make(TypedYield.self), against: decoder)
measureDiscovery("discovery, typed", PluginEntry.make(TypedNoOp.self))

@discardableResult
func measure(
  _ name: String, _ plugin: PluginEntry.Descriptor?, against ceiling: Rate? = nil
) -> Rate {
  let host = BenchmarkHost(window: 4 * batch)
  let items = BatchOfOne(payload: json, count: batch)
  let instance = plugin.map { $0.pointee.create(host.pointer, .empty) } ?? nil
  let rate = Rate.of(count / batch * batch) {
    var run = carillon_run()
    run.struct_size = UInt32(MemoryLayout<carillon_run>.size)
    for _ in 0..<(count / batch) {
      host.take(batch)
      if let plugin {
        _ = plugin.pointee.process(instance, &run, items.batch)
      } else {
        host.completeAll(items.batch)
      }
    }
    host.drain()
  }
  if let plugin { plugin.pointee.destroy(instance) }
  rate.show(name, against: ceiling)
  return rate
}

func measureDiscovery(_ name: String, _ plugin: PluginEntry.Descriptor) {
  let host = BenchmarkHost(window: batch)
  let instance = plugin.pointee.create(host.pointer, .empty)
  let rate = Rate.of(count) {
    var run = carillon_run()
    run.struct_size = UInt32(MemoryLayout<carillon_run>.size)
    var sink = carillon_sink()
    sink.struct_size = UInt32(MemoryLayout<carillon_sink>.size)
    sink.emit = { _, _, _, _ in CARILLON_OK }
    _ = plugin.pointee.discover(instance, &run, &sink)
  }
  plugin.pointee.destroy(instance)
  rate.show(name, against: nil)
}

func measureDecoder(_ name: String, together: Int, against ceiling: Rate? = nil) -> Rate {
  let array = Data("[\(Array(repeating: json, count: together).joined(separator: ","))]".utf8)
  let decoder = JSONDecoder()
  let calls = count / together
  let rate = Rate.of(calls * together) {
    for _ in 0..<calls {
      do {
        _ = try decoder.decode([Photo].self, from: array)
      } catch {
        fatalError("the benchmark's own payload does not decode: \(error)")
      }
    }
  }
  rate.show(name, against: ceiling)
  return rate
}
