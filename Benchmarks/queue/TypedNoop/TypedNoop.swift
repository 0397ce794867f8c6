public import CCarillonPlugin
import CarillonPlugin

/// The no-op plugin as an author would write it in Swift: typed configuration, typed items of about 100 bytes of JSON.
struct TypedNoop: Plugin {
  struct Config: Codable, Sendable {
    var count: Int
  }

  struct Item: Codable, Sendable {
    var user: Int
    var name: String
    var path: String
    var size: Double
    var tags: [String]
  }

  static let manifest = Manifest(id: "typed-noop", version: "1.0.0", maxInFlight: 4_096)

  let config: Config

  init(config: Config) { self.config = config }

  func discover(_ run: RunContext, into sink: ItemSink<Item>) async throws {
    for number in 0..<config.count {
      let item = Item(
        user: number, name: "somebody", path: "uploads/2026/11/photo.jpg", size: 1.5, tags: ["a", "b"])
      try sink.emit(key: "\(number)", item)
    }
  }

  func process(_ item: ItemContext<Item>) async throws -> Outcome { .succeeded }
}

@c(carillon_plugin_entry_v1) public func carillonEntry() -> UnsafePointer<carillon_plugin>? {
  PluginEntry.make(TypedNoop.self)
}
