import Synchronization

/// The plugin's instance.
///
/// `@unchecked`: the pointer is opaque here; what stands behind it is the plugin's, called on the threads that the contract
/// says.
final class InstanceBox: @unchecked Sendable {
  private struct State: @unchecked Sendable {
    var pointer: UnsafeMutableRawPointer?
    var isAbandoned = false
  }

  private let state = Mutex(State())

  var pointer: UnsafeMutableRawPointer? {
    get { state.withLock(\.pointer) }
    set { state.withLock { [box = State(pointer: newValue)] in $0.pointer = box.pointer } }
  }

  /// Items never came back: `destroy` must not be called.
  var isAbandoned: Bool {
    get { state.withLock(\.isAbandoned) }
    set { state.withLock { $0.isAbandoned = newValue } }
  }
}
