import CCarillonPlugin
import CarillonPlugin

/// Items per second through a plugin's C functions: what the SDK adds to a plugin that does nothing. Prints wall time and
/// processor time, and each as a share of the ceiling measured in the same run: a loop that only begins and completes.
///
///     swift run -c release sdk-benchmark [ITEMS [BATCH]]

let arguments = CommandLine.arguments.dropFirst().compactMap(Int.init)
let count = arguments.first ?? 1_000_000
let batch = arguments.dropFirst().first ?? 256

let json = #"{"path":"/var/lib/photos/2026/07/IMG_4711.jpg","width":4032,"height":3024,"album":"summer","stars":4}"#

let ceiling = measure("loop of begin + complete", nil, payload: json)
measure("raw payload, async no-op", PluginEntry.make(RawNoOp.self), payload: json, against: ceiling)
measure("typed payload, async no-op", PluginEntry.make(TypedNoOp.self), payload: json, against: ceiling)
measure(
  "typed payload, output of one key", PluginEntry.make(TypedOutput.self), payload: json,
  against: ceiling)
measure(
  "typed payload, suspends once", PluginEntry.make(TypedYield.self), payload: json,
  against: ceiling)
measureDiscovery("discovery, typed", PluginEntry.make(TypedNoOp.self), payload: json)

@discardableResult
func measure(
  _ name: String, _ plugin: PluginEntry.Descriptor?, payload: String, against ceiling: Rate? = nil
) -> Rate {
  let host = BenchmarkHost(window: 4 * batch)
  let items = BatchOfOne(payload: payload, count: batch)
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

func measureDiscovery(_ name: String, _ plugin: PluginEntry.Descriptor, payload: String) {
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
