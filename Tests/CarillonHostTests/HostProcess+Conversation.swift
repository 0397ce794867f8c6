import CCarillonFrames
import CCarillonPlugin

/// The daemon's usual sentences.
extension HostProcess {
  func load(_ plugin: String, memoryBytes: UInt64 = 0, descriptors: UInt32 = 0, flags: UInt32 = 0) throws {
    try send(CARILLON_FRAME_LOAD) {
      $0.u64(memoryBytes)
      $0.u32(descriptors)
      $0.u32(flags)
      $0.str(plugin)
    }
  }

  func create(_ config: String) throws {
    try send(CARILLON_FRAME_CREATE) {
      $0.str(config)
      $0.str("a-job")
    }
  }

  func run(flags: UInt32 = 0, artifacts: String = "") throws {
    try send(CARILLON_FRAME_RUN) {
      $0.u32(flags)
      $0.i64(1_000_000)
      $0.i64(0)
      $0.i64(2_000_000)
      $0.str("run-1")
      $0.str("a-job")
      $0.str("")
      $0.str(artifacts)
    }
  }

  func discover(window: UInt32 = 1000, checkpoint: String = "") throws {
    try send(CARILLON_FRAME_DISCOVER) {
      $0.u32(window)
      $0.str(checkpoint)
    }
  }

  func process(_ items: some Collection<UInt64>, attempt: UInt32 = 1) throws {
    try send(CARILLON_FRAME_PROCESS) {
      $0.i64(60_000_000)
      $0.u32(UInt32(items.count))
      for item in items {
        let key = "item-\(item)"
        $0.u64(item)
        $0.u32(attempt)
        $0.u32(UInt32(key.utf8.count))
        $0.u32(2)
        $0.raw(key + "{}")
      }
    }
  }

  func reply(to request: Frame, _ status: Int32, _ value: [UInt8] = []) throws {
    try send(CARILLON_FRAME_REPLY, id: request.id) {
      $0.u32(UInt32(status))
      $0.u32(UInt32(value.count))
      for byte in value { $0.number(byte) }
    }
  }

  /// Everything up to the first PROCESS or DISCOVER.
  static func running(
    _ plugin: String, config: String, flags: UInt32 = 0, artifacts: String = "",
    memoryBytes: UInt64 = 0, descriptors: UInt32 = 0
  ) throws -> HostProcess {
    let host = try HostProcess()
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try host.load(plugin, memoryBytes: memoryBytes, descriptors: descriptors)
    _ = try host.expect(CARILLON_FRAME_LOADED)
    try host.create(config)
    _ = try host.expect(CARILLON_FRAME_CREATED)
    try host.run(flags: flags, artifacts: artifacts)
    return host
  }

  /// What call the main thread is in, and how many items are open.
  func ping(_ id: UInt64 = 7) throws -> (call: UInt32, openItems: UInt32) {
    try send(CARILLON_FRAME_PING, id: id)
    var reader = BodyReader(try expect(CARILLON_FRAME_PONG))
    let call = reader.u32()
    _ = reader.u64()
    return (call, reader.u32())
  }

  /// Ends the host as the daemon does, and says how that went.
  func shutDown() throws -> Int32 {
    try send(CARILLON_FRAME_SHUTDOWN)
    _ = try expect(CARILLON_FRAME_BYE)
    return try ended()
  }
}
