internal import Foundation
internal import JobModel
package import Logging

/// The daemon's log for swift-log: metadata such as `job` and `run` become fields of their own.
package struct DaemonLog: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel: Logger.Level
  private let form: LogForm
  private let journal: JournalSocket?

  package init(form: LogForm, level: Logger.Level = .info) {
    self.form = form
    logLevel = level
    journal = form == .journald ? JournalSocket() : nil
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var fields = metadata.merging(event.metadata ?? [:]) { $1 }.map { (name: $0.key, value: "\($0.value)") }
    if let error = event.error { fields.append((name: "error", value: "\(error)")) }
    fields.sort { $0.name < $1.name }
    let message = event.message.description
    switch form {
    case .text: Self.write(Self.text(event.level, message, fields))
    case .json: Self.write(Self.json(event.level, message, fields))
    case .journald:
      if let journal, journal.send(event.level.priority, message, fields) { return }
      for line in message.split(separator: "\n") {
        Self.write("<\(event.level.priority)>\(line)\(fields.map { " \($0.name)=\($0.value)" }.joined())")
      }
    }
  }

  private static func text(_ level: Logger.Level, _ message: String, _ fields: [(name: String, value: String)]) -> String {
    let word = level >= .warning ? "\(level): " : ""
    let tail = fields.isEmpty ? "" : "  (" + fields.map { "\($0.name) \($0.value)" }.joined(separator: ", ") + ")"
    return "\(Timestamp.systemNow().iso8601) \(word)\(message)\(tail)"
  }

  private static func json(_ level: Logger.Level, _ message: String, _ fields: [(name: String, value: String)]) -> String {
    var object: [String: JSONValue] = ["level": .string("\(level)"), "message": .string(message)]
    object["at"] = .string(Timestamp.systemNow().iso8601)
    for field in fields { object[field.name] = .string(field.value) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(JSONValue.object(object)), as: UTF8.self) } catch { return message }
  }

  /// One write(2) a line, so that lines of several threads do not mix. Where standard error is gone there is nobody to tell.
  private static func write(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension Logger.Level {
  /// Of syslog(3).
  var priority: Int {
    switch self {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}
