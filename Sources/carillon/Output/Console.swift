import Foundation

/// Standard output or standard error.
enum StandardStream: Int32, Sendable {
  case output = 1
  case error = 2

  var isTerminal: Bool { isatty(rawValue) == 1 }

  /// Columns of the terminal; nil when it is none.
  var width: Int? {
    guard isTerminal else { return nil }
    var size = winsize()
    guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes all of the text. Returns 0, or the `errno` of what went wrong.
  @discardableResult
  func write(_ text: String) -> Int32 {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(rawValue, $0.baseAddress! + done, $0.count - done) }
      if count < 0 && (errno == EINTR) { continue }
      guard count > 0 else { return errno }
      done += count
    }
    return 0
  }
}

/// How a command speaks to its caller.
struct Console: Sendable {
  let usesColor: Bool
  /// Columns for tables; nil: as many as they need.
  let width: Int?
  let isUTF8: Bool

  init(usesColor: Bool, environment: [String: String] = ProcessInfo.processInfo.environment) {
    let isPlain = environment["NO_COLOR"].map { !$0.isEmpty } ?? false || environment["TERM"] == "dumb"
    self.usesColor = usesColor && !isPlain && StandardStream.output.isTerminal
    width = StandardStream.output.width
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    isUTF8 = locale.uppercased().contains("UTF-8") || locale.uppercased().contains("UTF8")
  }

  /// The same with another width.
  init(copying console: Console, width: Int) {
    usesColor = console.usesColor
    isUTF8 = console.isUTF8
    self.width = width
  }

  /// Prints a line on standard output. A reader that has gone away ends the program quietly; other failures throw.
  func print(_ line: String) throws(CommandError) {
    switch StandardStream.output.write(line + "\n") {
    case 0: break
    case EPIPE: Foundation.exit(ExitStatus.success.rawValue)
    case let code:
      throw CommandError(.storage, "cannot write to standard output: \(String(cString: strerror(code)))")
    }
  }

  /// Prints a value as one JSON document.
  func print(json value: some Encodable) throws(CommandError) { try print(JSONOutput.document(value)) }

  func colored(_ text: String, _ color: Color) -> String {
    usesColor ? "\u{1b}[\(color.rawValue)m\(text)\u{1b}[0m" : text
  }

  enum Color: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }
}
