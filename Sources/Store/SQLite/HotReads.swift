internal import GRDBSQLite
internal import JobModel

/// The prepared statements that fill `ReadyItems` straight from SQLite's columns.
final class HotReads {
  /// More is never read at once, whatever is asked for.
  fileprivate static let maxLimit = 1_000_000

  /// Due items, whose number alone is asked for, are read up to here; the rest is due still.
  fileprivate static let maxDueBytes = 4 << 20

  private let normal, urgent, low: HotStatement

  init(_ connection: OpaquePointer, errors: SQLiteErrors) throws(StoreError) {
    normal = try HotStatement(ItemSQL.readyNormal, on: connection, errors: errors, doing: "reading ready items")
    urgent = try HotStatement(ItemSQL.readyUrgent, on: connection, errors: errors, doing: "reading urgent items")
    low = try HotStatement(ItemSQL.readyLow, on: connection, errors: errors, doing: "reading low items")
  }

  func finalize() {
    for statement in [normal, urgent, low] { statement.finalize() }
  }

  func ready(_ query: ReadyQuery) throws(StoreError) -> ReadyItems {
    let limit = min(max(query.limit, 0), Self.maxLimit)
    let statement: HotStatement
    switch query.lane {
    case .normal:
      statement = normal
      normal.bind(1, max(query.after, ItemID(run: query.run, place: 0)).raw)
      normal.bind(2, ItemID.last(of: query.run).raw)
      normal.bind(3, Int64(limit))
    case .urgent, .low:
      statement = query.lane == .urgent ? urgent : low
      statement.bind(1, query.run.raw)
      statement.bind(2, Int64(limit))
    }
    return try Self.collect(statement, limit: limit, maxBytes: query.maxBytes)
  }

  /// Reads rows until the statement ends or `maxBytes` are full; the row that fills them is the last.
  fileprivate static func collect(_ statement: HotStatement, limit: Int, maxBytes: Int) throws(StoreError) -> ReadyItems {
    var items = ReadyItems()
    items.entries.reserveCapacity(min(limit, 8_192))
    items.bytes.reserveCapacity(min(maxBytes, limit * 160, 1 << 20))
    while try statement.step() {
      let key = append(statement.bytes(4), to: &items.bytes)
      let payload = append(statement.bytes(5), to: &items.bytes)
      items.entries.append(
        ReadyItems.Entry(
          id: ItemID(raw: statement.int(0)), attempts: Int32(truncatingIfNeeded: statement.int(1)),
          deaths: Int32(truncatingIfNeeded: statement.int(2)), priority: Int32(truncatingIfNeeded: statement.int(3)),
          key: key, payload: payload))
      if items.bytes.count >= maxBytes {
        statement.reset()
        break
      }
    }
    return items
  }

  @inline(__always)
  private static func append(_ piece: UnsafeRawBufferPointer, to bytes: inout [UInt8]) -> ByteRange {
    let range = ByteRange(offset: bytes.count, count: piece.count)
    bytes.append(contentsOf: piece.assumingMemoryBound(to: UInt8.self))  // twice as fast as raw bytes
    return range
  }

  /// Retrying items whose instant has come; read by the writer, in the transaction that makes them available.
  struct Due {
    private let statement: HotStatement

    init(_ statement: HotStatement) { self.statement = statement }

    func callAsFunction(run: RunNumber, at: Timestamp, limit: Int) throws(StoreError) -> ReadyItems {
      statement.bind(1, run.raw)
      statement.bind(2, at.microseconds)
      let limit = min(max(limit, 0), HotReads.maxLimit)
      statement.bind(3, Int64(limit))
      return try HotReads.collect(statement, limit: limit, maxBytes: HotReads.maxDueBytes)
    }
  }
}
