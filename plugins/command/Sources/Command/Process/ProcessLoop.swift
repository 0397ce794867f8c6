import CSpawn
import Glibc
import Synchronization

/// One thread that starts commands, reads what they print, and ends them in time. It lives as long as the value; commands that
/// are under way then are killed.
package final class ProcessLoop: Sendable {
  private let inbox: LoopInbox

  /// Throws `CommandError.system`.
  package init() throws(CommandError) {
    let inbox = LoopInbox(wake: try Spawn.wakeDescriptor())
    self.inbox = inbox
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, 512 * 1024)
    var thread = pthread_t()
    // The inbox crosses to the thread as a raw pointer, retained here and released there.
    let argument = Unmanaged.passRetained(inbox)
    // A thread of its own: it waits in poll(2), and commands are told to stop when the thread that forked them ends.
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        let inbox = Unmanaged<LoopInbox>.fromOpaque(argument!).takeRetainedValue()
        command_prepare_thread("commands")
        var loop = LoopThread(inbox)
        loop.run()
        return nil
      }, argument.toOpaque())
    pthread_attr_destroy(&attributes)
    guard code == 0 else {
      argument.release()
      throw CommandError(.system, "there is no thread for the commands: \(Spawn.words(code))")
    }
  }

  deinit { inbox.post(.quit) }

  /// Begins a command. How its start went is among its events.
  package func start(_ launch: Launch) -> RunningProcess {
    let process = RunningProcess(launch, inbox)
    inbox.post(.start(process))
    return process
  }
}

/// What the loop's thread is asked for.
final class LoopInbox: Sendable {
  enum Message: Sendable {
    case start(RunningProcess)
    case stop(RunningProcess)
    /// Somebody took output: there may be room for more.
    case room
    case quit
  }

  /// Readable while messages wait. Closed by the last who knows the inbox, so that nobody writes to another's descriptor.
  let wake: Int32
  private let messages = Mutex<[Message]>([])

  init(wake: Int32) { self.wake = wake }

  deinit { close(wake) }

  func post(_ message: Message) {
    messages.withLock { $0.append(message) }
    var one: UInt64 = 1
    _ = write(wake, &one, 8)
  }

  /// The messages so far, in order. The loop's thread.
  func take() -> [Message] {
    var count: UInt64 = 0
    _ = read(wake, &count, 8)
    return messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
