import CarillonPlugin

/// About 100 bytes of JSON.
struct Photo: Codable, Sendable {
  var path: String
  var width: Int
  var height: Int
  var album: String
  var stars: Int
}

struct RawNoOp: Plugin {
  static let manifest = Manifest(id: "raw-no-op", version: "1", maxInFlight: 1024)
  init(config: NoConfig) {}
  func discover(_ run: RunContext, into sink: ItemSink<RawPayload>) throws {}
  func process(_ item: ItemContext<RawPayload>) async throws -> Outcome { .succeeded }
}

struct TypedNoOp: Plugin {
  static let manifest = Manifest(id: "typed-no-op", version: "1", maxInFlight: 1024)
  init(config: NoConfig) {}

  func discover(_ run: RunContext, into sink: ItemSink<Photo>) throws {
    for number in 0..<count {
      try sink.emit(
        key: "\(number)",
        Photo(
          path: "/var/lib/photos/2026/07/IMG_4711.jpg", width: 4032, height: 3024, album: "summer",
          stars: 4))
    }
  }

  func process(_ item: ItemContext<Photo>) async throws -> Outcome { .succeeded }
}

struct TypedOutput: Plugin {
  static let manifest = Manifest(id: "typed-output", version: "1", maxInFlight: 1024)
  init(config: NoConfig) {}
  func discover(_ run: RunContext, into sink: ItemSink<Photo>) throws {}

  func process(_ item: ItemContext<Photo>) async throws -> Outcome {
    .succeeded(output: ["pixels": item.value.width * item.value.height])
  }
}

struct TypedYield: Plugin {
  static let manifest = Manifest(id: "typed-yield", version: "1", maxInFlight: 1024)
  init(config: NoConfig) {}
  func discover(_ run: RunContext, into sink: ItemSink<Photo>) throws {}

  func process(_ item: ItemContext<Photo>) async throws -> Outcome {
    await Task.yield()
    return .succeeded
  }
}
