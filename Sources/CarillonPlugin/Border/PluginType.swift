import CCarillonPlugin
import Synchronization

/// A plugin's type without its name: what the functions that have no instance come down to.
package struct PluginType: Sendable {
  /// The plugin of this process. A real one has a single plugin; a test that holds several says which by `with`, for the
  /// calls made on its thread.
  package static var current: PluginType? { override ?? installed.withLock(\.self) }

  private static let installed = Mutex<PluginType?>(nil)
  @TaskLocal private static var override: PluginType?

  static func install(_ type: PluginType) {
    installed.withLock { $0 = type }
  }

  private let manifest: StaticBytes
  let check: @Sendable (carillon_bytes, UnsafePointer<carillon_diagnostics>) -> Int32
  let create: @Sendable (UnsafePointer<carillon_host>, carillon_bytes) -> InstanceHandle?

  var manifestBytes: carillon_bytes { manifest.bytes }

  package init<P: Plugin>(_ type: P.Type) {
    manifest = StaticBytes(Result { try JSON.document(P.manifest) })
    check = { config, diagnostics in
      ConfigCheck<P>.report(config.array, to: carillon_diagnostics(reading: diagnostics))
    }
    create = { pointer, config in
      let host = Host(pointer)
      if let defect = host.defect {
        host.error(defect)
        return nil
      }
      do {
        let (value, unknown) = try ConfigReader.read(P.Config.self, from: config.array)
        for diagnostic in unknown {
          host.log(item: 0, level: .warning) { "config: \(diagnostic)" }
        }
        return InstanceHandle(Instance(try P(config: value), host: host))
      } catch {
        host.error(errorMessage(error))
        return nil
      }
    }
  }

  /// Makes this the plugin of the process for the calls that `body` makes on its thread.
  package func with<Value>(_ body: () throws -> Value) rethrows -> Value {
    try Self.$override.withValue(self, operation: body)
  }
}

/// Bytes that live until the process ends, as the contract asks of a manifest.
///
/// `@unchecked`: written once, constant afterwards, never freed.
private struct StaticBytes: @unchecked Sendable {
  let bytes: carillon_bytes

  /// Empty on failure; a host refuses an empty manifest.
  init(_ json: Result<[UInt8], any Error>) {
    guard case .success(let json) = json else {
      bytes = .empty
      return
    }
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: json.count, alignment: 1)
    copy.copyBytes(from: json)
    bytes = carillon_bytes(UnsafeRawBufferPointer(copy))
  }
}
