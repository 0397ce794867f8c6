/// Server-sent events out of the bytes of a stream that may break anywhere. After the HTML standard, section 9.2.6, without `id` and
/// `retry`, which a unix socket has no use for.
struct ServerSentEvents {
  /// One event, its data lines joined by newlines.
  struct Event: Hashable, Sendable {
    /// `message` when the stream gave it no name.
    var name: String
    var data: String
  }

  /// No event is longer; what exceeds it is an error, so that a broken server costs no memory.
  var maxBytes = 16 * 1_024 * 1_024

  /// The stream's line is longer than any event may be.
  struct TooLong: Error {}

  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  /// A carriage return ended a line: a newline right after it belongs to it.
  private var afterReturn = false

  /// The events that these bytes complete.
  mutating func take(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      defer { afterReturn = byte == UInt8(ascii: "\r") }
      switch byte {
      case UInt8(ascii: "\n") where afterReturn: continue
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if let event = endLine() { events.append(event) }
      default:
        guard line.count + data.count < maxBytes else { throw TooLong() }
        line.append(byte)
      }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: true) }
    if line.isEmpty { return endEvent() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    if colon == line.startIndex { return nil }  // a comment: the server lives
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "event": name = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { data.append(UInt8(ascii: "\n")) }
      data += value
      hasData = true
    default: break  // fields that are not known are passed over
    }
    return nil
  }

  private mutating func endEvent() -> Event? {
    defer {
      name = ""
      data.removeAll(keepingCapacity: true)
      hasData = false
    }
    guard hasData else { return nil }
    return Event(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
  }
}
