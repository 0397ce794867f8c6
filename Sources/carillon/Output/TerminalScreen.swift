import Dispatch
import Foundation
import JobModel
import Synchronization

/// The whole terminal for a while: the alternate screen, no cursor, long lines cut, keys as they are pressed. `close` gives it back as it was; so does
/// the end of the program by exit(3).
// @unchecked: the terminal's settings are read once and never change.
final class TerminalScreen: @unchecked Sendable {
  enum Event: Sendable {
    case quit, tick, resized
  }

  private let before: termios
  private let isOpen = Mutex(true)
  private static let current = Mutex<TerminalScreen?>(nil)

  private init(before: termios) { self.before = before }

  static func open() throws(CommandError) -> TerminalScreen {
    var settings = termios()
    guard tcgetattr(0, &settings) == 0 else {
      throw CommandError(.fault, "cannot read the terminal's settings: \(String(cString: strerror(errno)))")
    }
    let screen = TerminalScreen(before: settings)
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(0, TCSANOW, &settings) == 0 else {
      throw CommandError(.fault, "cannot change the terminal's settings: \(String(cString: strerror(errno)))")
    }
    current.withLock { $0 = screen }
    atexit { TerminalScreen.current.withLock { $0 }?.close() }
    StandardStream.output.write("\u{1b}[?1049h\u{1b}[?25l\u{1b}[?7l\u{1b}[2J")
    return screen
  }

  func close() {
    let wasOpen = isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    guard wasOpen else { return }
    StandardStream.output.write("\u{1b}[?7h\u{1b}[?25h\u{1b}[?1049l")
    var settings = before
    tcsetattr(0, TCSANOW, &settings)
  }

  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Replaces the picture, line by line, so that nothing flickers.
  func draw(_ lines: [String]) {
    let text = lines.prefix(size.rows).map { $0 + "\u{1b}[K" }.joined(separator: "\r\n")
    StandardStream.output.write("\u{1b}[?2026h\u{1b}[H" + text + "\u{1b}[J\u{1b}[?2026l")
  }

  /// `q`, Ctrl-C and other signals that end a program, changes of size, and a tick now and then at this interval. What comes while
  /// nobody listens is kept up to a few.
  func events(every interval: Duration) -> AsyncStream<Event> {
    AsyncStream(bufferingPolicy: .bufferingNewest(8)) { continuation in
      var sources: [any DispatchSourceProtocol] = []
      let queue = DispatchQueue(label: "carillon.terminal")
      let input = DispatchSource.makeReadSource(fileDescriptor: 0, queue: queue)
      input.setEventHandler {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(0, &buffer, buffer.count)
        if count <= 0 || buffer[..<count].contains(where: { $0 == UInt8(ascii: "q") || $0 == UInt8(ascii: "Q") || $0 == 3 }) {
          continuation.yield(.quit)
        }
      }
      sources.append(input)
      for (number, event) in [(SIGINT, Event.quit), (SIGTERM, .quit), (SIGHUP, .quit), (SIGWINCH, .resized)] {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { continuation.yield(event) }
        sources.append(source)
      }
      let timer = DispatchSource.makeTimerSource(queue: queue)
      timer.schedule(deadline: .now(), repeating: interval.inSeconds)
      timer.setEventHandler { continuation.yield(.tick) }
      sources.append(timer)
      for source in sources { source.resume() }
      let all = SourceList(sources)
      continuation.onTermination = { _ in all.cancel() }
    }
  }

  // @unchecked: libdispatch's own objects, safe from any thread, in an array that never changes.
  private final class SourceList: @unchecked Sendable {
    private let sources: [any DispatchSourceProtocol]

    init(_ sources: [any DispatchSourceProtocol]) { self.sources = sources }

    func cancel() { for source in sources { source.cancel() } }
  }
}
