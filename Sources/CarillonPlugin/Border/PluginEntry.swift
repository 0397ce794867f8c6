public import CCarillonPlugin

/// Makes what the exported symbol returns. The symbol is one `@c` function in a target of its own, as in
/// `examples/hello-swift/Sources/HelloSwiftEntry`: two targets that export it cannot be linked into one program.
public enum PluginEntry {
  /// A plugin as the host sees it: C functions, valid until the process ends.
  public typealias Descriptor = UnsafePointer<carillon_plugin>

  /// Describes `type` as the plugin of this process. Main thread, from the exported symbol.
  public static func make<P: Plugin>(_ type: P.Type) -> Descriptor {
    PluginType.install(PluginType(type))
    return descriptor
  }

  /// The functions are the same for every plugin: those of an instance find it through their first argument, those without
  /// one ask `PluginType.current`.
  ///
  /// `nonisolated(unsafe)`: written once here, constant afterwards, never freed.
  package nonisolated(unsafe) static let descriptor: Descriptor = {
    let plugin = UnsafeMutablePointer<carillon_plugin>.allocate(capacity: 1)
    plugin.initialize(
      to: carillon_plugin(
        struct_size: UInt32(MemoryLayout<carillon_plugin>.size),
        abi_major: UInt16(CARILLON_ABI_MAJOR),
        abi_minor: UInt16(CARILLON_ABI_MINOR),
        describe: { PluginType.current?.manifestBytes ?? .empty },
        check: { config, diagnostics in
          guard let diagnostics, let type = PluginType.current else { return CARILLON_ERROR }
          return type.check(config, diagnostics)
        },
        create: { host, config in
          guard let host, let type = PluginType.current,
            let instance = type.create(host, config)
          else { return nil }
          return Unmanaged.passRetained(instance).toOpaque()
        },
        discover: { instance, run, sink in
          guard let calls = calls(instance), let run, let sink else { return CARILLON_ERROR }
          return calls.discover(run, sink)
        },
        process: { instance, run, batch in
          guard let calls = calls(instance), let run, let batch else { return CARILLON_ERROR }
          return calls.process(run, batch)
        },
        finish: { instance, run, summary in
          guard let calls = calls(instance), let run, let summary else { return CARILLON_ERROR }
          return calls.finish(run, summary)
        },
        cancel: { instance, item in calls(instance)?.cancel(item: item) },
        destroy: { instance in
          guard let instance else { return }
          Unmanaged<InstanceHandle>.fromOpaque(instance).takeRetainedValue().calls.destroy()
        },
        extension: nil))
    return UnsafePointer(plugin)
  }()

  private static func calls(_ instance: UnsafeMutableRawPointer?) -> (any InstanceCalls)? {
    guard let instance else { return nil }
    return Unmanaged<InstanceHandle>.fromOpaque(instance).takeUnretainedValue().calls
  }
}
