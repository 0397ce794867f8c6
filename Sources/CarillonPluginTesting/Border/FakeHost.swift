import CCarillonPlugin
import CarillonPlugin
import Dispatch
import Synchronization

/// The pretended daemon: the contract's host functions over a record.
///
/// `@unchecked`: the pointers are constant and freed with the object; everything that changes is behind the lock.
final class FakeHost: @unchecked Sendable {
  private let state: Mutex<HostState>
  /// The struct the plugin gets; at most as long as the script says.
  let pointer: UnsafePointer<carillon_host>
  private let storage: UnsafeMutableRawBufferPointer
  /// The host's control thread.
  private let control = DispatchQueue(label: "carillon.harness.control")
  /// The plugin's `cancel`; set while an instance exists.
  private let cancelCall = Mutex<(@Sendable (UInt64) -> Void)?>(nil)

  init(_ script: Script) {
    state = Mutex(HostState(script))
    let whole = MemoryLayout<carillon_host>.size
    let size = min(script.hostStructSize ?? whole, whole)
    // Past the size stand bytes that crash whoever takes them for a function.
    storage = .allocate(byteCount: whole, alignment: MemoryLayout<carillon_host>.alignment)
    _ = storage.initializeMemory(as: UInt8.self, repeating: 0xEE)
    pointer = UnsafePointer(storage.baseAddress!.assumingMemoryBound(to: carillon_host.self))
    var table = carillon_host.pretended(size: size)
    table.context = Unmanaged.passUnretained(self).toOpaque()
    withUnsafeBytes(of: table) { storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(size))) }
  }

  deinit {
    storage.deallocate()
  }

  static func of(_ pointer: UnsafePointer<carillon_host>?) -> FakeHost {
    // The context was set in `init`; the harness keeps the host alive while the plugin has the pointer.
    Unmanaged<FakeHost>.fromOpaque(pointer!.pointee.context).takeUnretainedValue()
  }

  /// The one way to what the host knows.
  func withState<Value: Sendable>(_ body: (inout HostState) -> sending Value) -> Value {
    state.withLock { state in body(&state) }
  }

  func complete(_ id: UInt64, _ outcome: carillon_outcome) -> Int32 {
    let (status, waiters) = withState { state -> (Int32, [CheckedContinuation<Void, Never>]) in
      guard let item = state.open[id] else {
        state.breach("complete was called for item \(id), which is not open")
        return (CARILLON_REFUSED, [])
      }
      let limit = UInt64(CARILLON_MAX_OUTPUT_BYTES)
      guard outcome.output.size <= limit, outcome.effect.size <= limit else {
        return (CARILLON_REFUSED, [])
      }
      let kind = Outcome.Kind(outcome.kind)
      state.close(
        id,
        Completion(
          key: item.key, kind: kind, reason: outcome.reason.string,
          after: outcome.after_us > 0 ? .microseconds(outcome.after_us) : nil,
          dependency: outcome.dependency.string, output: outcome.output.string,
          effect: outcome.effect.string, isByPlugin: true,
          wasCancelled: item.isCancelled || state.isAllCancelled),
        keepsEvents: kind == .succeeded || kind == .skipped)
      defer { state.waiters = [] }
      return (CARILLON_OK, state.waiters)
    }
    for waiter in waiters { waiter.resume() }
    return status
  }

  func begin(_ id: UInt64) {
    let isToCancel = withState { state -> Bool in
      guard var item = state.open[id] else {
        state.breach("begin was called for item \(id), which is not open")
        return false
      }
      if item.hasBegun { return false }
      item.hasBegun = true
      let isToCancel = state.script.cancelledItems.contains(item.key) && !item.isCancelled
      item.isCancelled = item.isCancelled || isToCancel
      state.open[id] = item
      state.inFlight += 1
      state.record.peakInFlight = max(state.record.peakInFlight, state.inFlight)
      return isToCancel
    }
    if isToCancel { cancelled(id) }
  }

  /// Calls the plugin's `cancel` on the control thread; does not wait.
  private func cancelled(_ id: UInt64) {
    control.async { self.cancelCall.withLock(\.self)?(id) }
  }

  /// Sets the plugin's `cancel`. With nil: waits until no call of it is under way, and makes no more.
  func setCancel(_ call: (@Sendable (UInt64) -> Void)?) {
    control.sync { cancelCall.withLock { $0 = call } }
  }

  /// Cancels everything, and tells the plugin.
  func cancelAll() {
    withState { $0.isAllCancelled = true }
    cancelled(0)
  }

  /// Cancels the open item of that key, and tells the plugin. False: it is not open.
  func cancel(key: String) -> Bool {
    let id = withState { state -> UInt64? in
      guard let id = state.open.first(where: { $0.value.key == key })?.key else { return nil }
      state.open[id]?.isCancelled = true
      return id
    }
    if let id { cancelled(id) }
    return id != nil
  }

  func isCancelled(_ id: UInt64) -> Bool {
    withState { $0.isAllCancelled || ($0.open[id]?.isCancelled ?? false) }
  }

  func emit(_ items: [TestItem]) -> Int32 {
    withState { state in
      if state.stage != .discover { state.breach("emit was called outside of discover") }
      if state.isAllCancelled { return CARILLON_CANCELLED }
      let end = state.emitted + items.count
      if let limit = state.script.cancelDiscoveryAt, end >= limit { return CARILLON_CANCELLED }
      if let limit = state.script.breakDiscoveryAt, end >= limit, !state.hasBroken {
        state.hasBroken = true
        return CARILLON_ERROR
      }
      guard state.add(items) else { return CARILLON_REFUSED }
      state.emitted = end
      return CARILLON_OK
    }
  }

  func emit(_ items: [TestItem], from id: UInt64) -> Int32 {
    withState { state in
      guard state.open[id] != nil else {
        state.breach("emit_items was called for item \(id), which is not open")
        return CARILLON_REFUSED
      }
      return state.add(items) ? CARILLON_OK : CARILLON_REFUSED
    }
  }

  func event(_ id: UInt64, _ type: String, _ json: [UInt8]) -> Int32 {
    withState { state in
      let event = EmittedEvent(
        item: state.key(id), type: type, json: String(decoding: json, as: UTF8.self))
      guard json.count <= Int(CARILLON_MAX_EVENT_BYTES) else { return CARILLON_REFUSED }
      if id == 0 {
        guard state.stage == .finish else { return CARILLON_REFUSED }
        state.record.events.append(event)
        return CARILLON_OK
      }
      guard let item = state.open[id], item.events.count < 64 else { return CARILLON_REFUSED }
      state.open[id]?.events.append(event)
      return CARILLON_OK
    }
  }

  func artifact(_ name: String, _ artifact: Artifact) -> Int32 {
    withState { state in
      let isPlain =
        !name.isEmpty && name.utf8.count <= 128 && !name.hasPrefix(".")
        && name.unicodeScalars.allSatisfy { scalar in
          scalar.isASCII
            && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil
              || "._-".unicodeScalars.contains(scalar))
        }
      guard isPlain, !state.script.refusedArtifacts.contains(name) else { return CARILLON_REFUSED }
      state.record.artifacts[name] = artifact
      return CARILLON_OK
    }
  }
}

extension Outcome.Kind {
  /// An unknown kind is taken as a retry.
  fileprivate init(_ code: UInt32) {
    switch code {
    case CARILLON_SUCCEEDED: self = .succeeded
    case CARILLON_SKIPPED: self = .skipped
    case CARILLON_FAILED: self = .failed
    case CARILLON_RATE_LIMITED: self = .rateLimited
    case CARILLON_UNAVAILABLE: self = .unavailable
    default: self = .retry
    }
  }
}
