import CCarillonPlugin
public import CarillonPlugin

/// Runs one instance of a plugin in this process, without a daemon, through its real C functions.
///
/// `run()` does a whole run. The single steps are for tests that look between them: `create`, then `discover`, `process` and
/// `finish`, then `destroy`. Steps do not overlap; `cancel` may be called during any of them. A plugin that crashes takes
/// the test with it.
public final class PluginHarness: Sendable {
  public let script: Script

  let plugin: PluginUnderTest
  let host: FakeHost
  let main = MainThread()
  private let config: String
  private let patience: Duration
  private let instance = InstanceBox()

  /// `config` is the job's configuration as JSON. `patience` is how long `process` waits for the next completion before it
  /// throws; only a stuck plugin ever notices.
  public init(
    _ plugin: PluginUnderTest, config: String = "{}", script: Script = Script(),
    patience: Duration = .seconds(60)
  ) {
    self.plugin = plugin
    self.config = config
    self.script = script
    self.patience = patience
    host = FakeHost(script)
  }

  /// The same for a plugin written with the Swift SDK.
  public convenience init<P: Plugin>(
    _ type: P.Type, config: String = "{}", script: Script = Script(),
    patience: Duration = .seconds(60)
  ) {
    self.init(PluginUnderTest(type), config: config, script: script, patience: patience)
  }

  /// Everything the plugin has said so far.
  public var record: RunRecord { host.withState(\.record) }

  /// Creates, discovers, processes, finishes, destroys. Throws `HarnessError` after destroying what was created.
  public func run() async throws -> RunRecord {
    try await create()
    do {
      try await discover()
      try await process()
      try await finish()
    } catch {
      try await destroy()
      throw error
    }
    try await destroy()
    return record
  }

  /// The plugin's description of itself. Throws `HarnessError.manifest`.
  public func manifest() async throws -> Manifest {
    try await main.run { [plugin] in try plugin.manifest() }
  }

  /// What the plugin finds in the configuration. Makes no instance.
  public func check() async throws -> [Diagnostic] {
    try await main.run { [plugin, config] in plugin.check(config).diagnostics }
  }

  /// Makes the instance. Throws `HarnessError.create` with what the plugin said.
  public func create() async throws {
    try await main.run { [self] in
      guard instance.pointer == nil else {
        throw HarnessError(code: .order, message: "create was called twice")
      }
      guard let pointer = plugin.create(host, config) else { throw failure(.create, "create returned NULL") }
      instance.pointer = pointer
      guard let cancel = plugin.descriptor.pointee.cancel else { return }
      host.setCancel { [instance] item in cancel(instance.pointer, item) }
    }
  }

  /// Names the items. May be called again after a failure: it then begins with the last checkpoint. Throws
  /// `HarnessError.call` with what the plugin said.
  public func discover() async throws {
    try await main.run { [self] in
      let status = try plugin.discover(created(), host)
      if status != CARILLON_OK { throw failure(.call, "discover returned \(status)") }
    }
  }

  /// Adds items as if they had been discovered.
  public func add(_ items: [TestItem]) {
    host.withState { state in
      if !state.add(items) { state.breach("an item given to the harness breaks a limit") }
    }
  }

  /// Hands over every item that is waiting, those of fan-out included, in as many batches as the limits ask for, and waits
  /// until all are complete. Throws `HarnessError.call` when nothing was completed for the length of `patience`; the
  /// instance is then given up.
  public func process() async throws {
    let window = min(max(try await manifest().maxInFlight, 1), 4096)
    let batchSize = min(max(script.batchSize ?? window, 1), window)
    while true {
      let memory = host.nextBatch(window: window, batchSize: batchSize)
      if let memory {
        try await main.run { [self] in
          let status = try plugin.process(created(), host, memory.memory)
          if status != CARILLON_PENDING { host.closeAll(memory.ids, status: status) }
        }
      } else {
        switch await host.waitForRoom(window: window, patience: patience) {
        case .done: return
        case .room: continue
        case .stuck(let keys):
          instance.isAbandoned = true
          throw HarnessError(
            code: .call,
            message: "no item was completed for \(patience); open: \(keys.sorted().joined(separator: ", "))")
        }
      }
    }
  }

  /// Looks back on the items completed so far. Throws `HarnessError.call` with what the plugin said.
  public func finish() async throws {
    try await main.run { [self] in
      let status = try plugin.finish(created(), host)
      if status != CARILLON_OK { throw failure(.call, "finish returned \(status)") }
    }
  }

  /// Cancels the open item of that key. False: it is not open (any more).
  @discardableResult
  public func cancel(_ key: String) -> Bool { host.cancel(key: key) }

  /// Cancels everything.
  public func cancelAll() { host.cancelAll() }

  /// Ends the instance; nothing happens when there is none. An instance that was given up stays: ending it would break the
  /// contract.
  public func destroy() async throws {
    try await main.run { [self] in
      guard let pointer = instance.pointer else { return }
      host.setCancel(nil)
      instance.pointer = nil
      if instance.isAbandoned {
        // It may still call its host.
        _ = Unmanaged.passRetained(host)
        return
      }
      plugin.descriptor.pointee.destroy?(pointer)
    }
  }

  private func created() throws -> UnsafeMutableRawPointer {
    guard let pointer = instance.pointer, !instance.isAbandoned else {
      throw HarnessError(code: .order, message: "there is no instance: call create first")
    }
    return pointer
  }

  private func failure(_ code: HarnessError.Code, _ what: String) -> HarnessError {
    let said = record.errors.last.map { ": \($0)" } ?? " and said nothing through host->error"
    return HarnessError(code: code, message: what + said)
  }
}
