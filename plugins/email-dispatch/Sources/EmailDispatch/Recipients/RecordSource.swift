import GRDB

/// Where records come from: a CSV or NDJSON file, a query, an event.
package struct RecordSource: Sendable {
  private let config: RecipientsConfig
  private let event: [UInt8]?

  /// `event` is the document that triggered the run.
  package init(_ config: RecipientsConfig, event: [UInt8]?) {
    self.config = config
    self.event = event
  }

  /// Calls `body` with each record, and with where it stands, in order. Throws `EmailDispatchError.recipients`, and what `body` throws.
  package func forEach(_ body: (_ values: [String: Value], _ place: String) throws -> Void) throws {
    if let sqlite = config.sqlite { return try query(sqlite, body) }
    if let wanted = config.event { return try fromEvent(wanted, body) }
    guard let file = config.file else { throw EmailDispatchError(.recipients, "no source of recipients is configured") }
    let lines = try LineReader(file)
    if config.format == .csv { try csv(lines, body) } else { try ndjson(lines, body) }
  }

  private func csv(_ lines: LineReader, _ body: ([String: Value], String) throws -> Void) throws {
    var reader = CSVReader(lines, delimiter: config.delimiter.utf8.first ?? UInt8(ascii: ","))
    guard let header = try reader.next() else { return }
    if let twice = Dictionary(grouping: header.fields, by: { $0 }).first(where: { $1.count > 1 })?.key {
      throw EmailDispatchError(.recipients, "\(lines.path): two columns are called \"\(twice)\"")
    }
    while let row = try reader.next() {
      let place = "\(lines.path):\(row.line)"
      guard row.fields.count == header.fields.count else {
        throw EmailDispatchError(.recipients, "\(place): \(row.fields.count) fields, and the header has \(header.fields.count)")
      }
      try body(Dictionary(uniqueKeysWithValues: zip(header.fields, row.fields.map { Value.text($0) })), place)
    }
  }

  private func ndjson(_ lines: LineReader, _ body: ([String: Value], String) throws -> Void) throws {
    var number = 0
    while let line = try lines.next() {
      number += 1
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 9 || $0 == 13 }) else { continue }
      let place = "\(lines.path):\(number)"
      guard case .object(let values) = try Self.json(line, place) else {
        throw EmailDispatchError(.recipients, "\(place): is no JSON object")
      }
      try body(values, place)
    }
  }

  private static func json(_ bytes: [UInt8], _ place: String) throws(EmailDispatchError) -> Value {
    do throws(JSONReader.Flaw) {
      return try JSONReader.value(bytes)
    } catch {
      throw EmailDispatchError(.recipients, "\(place): \(error.message)")
    }
  }

  private func query(_ sqlite: SQLiteQuery, _ body: ([String: Value], String) throws -> Void) throws {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    do {
      let database = try DatabaseQueue(path: sqlite.file, configuration: configuration)
      try database.read { database in
        let rows = try Row.fetchCursor(database, sql: sqlite.query)
        var number = 0
        while let row = try rows.next() {
          number += 1
          var values: [String: Value] = [:]
          for (column, value) in row { values[column] = try Self.value(value, column: column, row: number) }
          try body(values, "row \(number) of the query")
        }
      }
    } catch let error as DatabaseError {
      throw EmailDispatchError(.recipients, "\(sqlite.file): \(error)")
    }
  }

  private static func value(_ value: DatabaseValue, column: String, row: Int) throws -> Value {
    switch value.storage {
    case .null: .null
    case .int64(let number): .integer(number)
    case .double(let number): .number(number)
    case .string(let text): .text(text)
    case .blob:
      throw EmailDispatchError(
        .recipients, "row \(row) of the query: the column \(column) is a blob; cast it to text or leave it out")
    }
  }

  private func fromEvent(_ wanted: EventQuery, _ body: ([String: Value], String) throws -> Void) throws {
    guard let event else {
      throw EmailDispatchError(
        .recipients, "recipients come from an event, and none began this run; try `carillon run JOB --event FILE`")
    }
    let document = try Self.json(event, "the event")
    if let type = wanted.type, document[path: "type"]?.shown != type {
      throw EmailDispatchError(
        .recipients, "the event's type is \(document[path: "type"]?.shown ?? "not there"), and this job takes \(type)")
    }
    let found = wanted.at.map { document[path: $0] } ?? document
    let records = if case .list(let list) = found { list } else { [found ?? .null] }
    for (index, record) in records.enumerated() {
      guard case .object(let values) = record else {
        throw EmailDispatchError(.recipients, "the event has no object\(wanted.at.map { " at \($0)" } ?? "")")
      }
      try body(values, records.count == 1 ? "the event" : "recipient \(index + 1) of the event")
    }
  }
}
