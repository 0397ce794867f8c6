public import CCarillonPlugin
public import CarillonPlugin
import Glibc

/// A plugin to be tested, in whatever language: its descriptor, as a host gets it.
///
/// `@unchecked`: the descriptor is constant until the process ends.
public struct PluginUnderTest: @unchecked Sendable {
  let descriptor: UnsafePointer<carillon_plugin>
  private let type: PluginType?

  /// A plugin written with the Swift SDK. Several may be under test in one process.
  public init<P: Plugin>(_ type: P.Type) {
    self.descriptor = PluginEntry.descriptor
    self.type = PluginType(type)
  }

  /// A plugin linked into the test by its entry function. Throws `HarnessError.load` when the entry returns NULL.
  public init(entry: @convention(c) () -> UnsafePointer<carillon_plugin>?) throws {
    guard let descriptor = entry() else {
      throw HarnessError(code: .load, message: "the plugin's entry returned NULL")
    }
    self.descriptor = descriptor
    self.type = nil
  }

  /// A shared library. It stays loaded: a plugin cannot be unloaded. Throws `HarnessError.load`.
  public init(library path: String) throws {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
      throw HarnessError(code: .load, message: dlerror().map { String(cString: $0) } ?? path)
    }
    guard let symbol = dlsym(handle, CARILLON_ENTRY_SYMBOL) else {
      throw HarnessError(code: .load, message: "\(path) does not export \(CARILLON_ENTRY_SYMBOL)")
    }
    // The type is the contract's for this symbol.
    let entry = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<carillon_plugin>?).self)
    try self.init(entry: entry)
  }

  /// Makes the calls of `body` reach this plugin.
  func select<Value>(_ body: () throws -> Value) rethrows -> Value {
    guard let type else { return try body() }
    return try type.with(body)
  }
}
