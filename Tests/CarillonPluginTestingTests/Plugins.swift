import CarillonPlugin

/// A plugin without fault.
struct Counter: Plugin {
  static let manifest = Manifest(id: "counter", version: "1", maxInFlight: 4)

  init(config: NoConfig) {}

  func discover(_ run: RunContext, into sink: ItemSink<Int>) throws {
    for number in (try sink.checkpoint(as: Int.self) ?? 0)..<20 {
      try sink.emit(key: "\(number)", number)
      if number.isMultiple(of: 5) { try sink.setCheckpoint(number + 1) }
    }
  }

  func process(_ item: ItemContext<Int>) async throws -> Outcome {
    item.value.isMultiple(of: 2) ? .succeeded(output: item.value) : .skipped("odd")
  }
}

/// Its checkpoint is further than what it has named.
struct Forgetful: Plugin {
  static let manifest = Manifest(id: "forgetful", version: "1", maxInFlight: 4)

  init(config: NoConfig) {}

  func discover(_ run: RunContext, into sink: ItemSink<Int>) throws {
    for number in (try sink.checkpoint(as: Int.self) ?? 0)..<20 {
      try sink.emit(key: "\(number)", number)
      if number == 5 { try sink.setCheckpoint(15) }
    }
  }

  func process(_ item: ItemContext<Int>) async throws -> Outcome { .succeeded }
}

/// Acts even when it should only plan.
struct Hasty: Plugin {
  static let manifest = Manifest(id: "hasty", version: "1")

  init(config: NoConfig) {}

  func discover(_ run: RunContext, into sink: ItemSink<Int>) throws {
    try sink.emit(key: "a", 1)
  }

  func process(_ item: ItemContext<Int>) async throws -> Outcome {
    try item.emitEvent("done", 1)
    return .succeeded
  }
}

/// Once cancelled, it never comes back.
struct Deaf: Plugin {
  static let manifest = Manifest(id: "deaf", version: "1")

  init(config: NoConfig) {}

  func discover(_ run: RunContext, into sink: ItemSink<Int>) throws {
    try sink.emit(key: "a", 1)
  }

  func process(_ item: ItemContext<Int>) async throws -> Outcome {
    // The harness answers at once; the task itself learns of it later.
    guard item.isCancelled else { return .succeeded }
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    await Task.detached { for await _ in stream {} }.value
    continuation.finish()
    return .succeeded
  }
}
