/// systemd's journal, by its own protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL): one datagram an entry, fields by name.
struct JournalSocket: Sendable {
  private let socket: DatagramSocket
  /// A datagram must fit the socket's buffer; what is longer is cut.
  private static let maxValueBytes = 32 * 1024

  /// nil where no socket can be had.
  init?(path: String = "/run/systemd/journal/socket") {
    guard let socket = DatagramSocket(path: path) else { return nil }
    self.socket = socket
  }

  /// Whether the journal has it. `fields` become `CARILLON_…`.
  func send(_ priority: Int, _ message: String, _ fields: [(name: String, value: String)]) -> Bool {
    var entry: [UInt8] = []
    Self.add("MESSAGE", message, to: &entry)
    Self.add("PRIORITY", String(priority), to: &entry)
    Self.add("SYSLOG_IDENTIFIER", "carillon", to: &entry)
    for field in fields { Self.add("CARILLON_\(Self.name(field.name))", field.value, to: &entry) }
    return socket.send(entry) == 0
  }

  /// A value with a line break is preceded by its length, 64 bits, least byte first.
  static func add(_ name: String, _ value: String, to entry: inout [UInt8]) {
    let bytes = value.utf8.prefix(maxValueBytes)
    entry += Array(name.utf8)
    if bytes.contains(UInt8(ascii: "\n")) {
      entry.append(UInt8(ascii: "\n"))
      withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { entry += Array($0) }
    } else {
      entry.append(UInt8(ascii: "="))
    }
    entry += Array(bytes)
    entry.append(UInt8(ascii: "\n"))
  }

  /// Letters, digits and underscores, in capitals.
  private static func name(_ text: String) -> String {
    String(text.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}
