import GRDB

/// A connection that only reads the mail log, and so never checkpoints it. Any thread.
final class MailLogReader: Sendable {
  private let path: String

  /// Guards the connection: a look comes with each message, and GRDB's queue costs more than the look itself.
  private let connection: Guarded<Connection>

  private struct Connection {
    let database: DatabaseQueue
    let look: LogStatement
  }

  /// The file must be there. Throws `EmailDispatchError.log`.
  init(_ path: String) throws(EmailDispatchError) {
    self.path = path
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(30)
    do {
      let database = try DatabaseQueue(path: path, configuration: configuration)
      let look = try database.unsafeRead { try LogStatement(MailLogSchema.look, on: $0) }
      connection = Guarded(Connection(database: database, look: look))
    } catch {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be opened: \(error)")
    }
  }

  /// What is known of a message and its address. Throws `EmailDispatchError.log`.
  func standing(of entry: MailLog.Entry) throws(EmailDispatchError) -> MailLog.Standing {
    try reading { connection in
      connection.look.bind(":address", MailLog.normal(entry.address))
      connection.look.bind(":key", entry.key)
      let found = try connection.look.first { row in
        MailLog.Standing(
          suppressed: row.text(0), status: row.text(1).flatMap(MailLog.Status.init(rawValue:)), tries: Int(row.integer(2)),
          firstAtMicroseconds: row.integer(3), reply: row.text(5))
      }
      return found ?? MailLog.Standing(suppressed: nil, status: nil, tries: 0, firstAtMicroseconds: 0, reply: nil)
    }
  }

  /// How many messages of a run have which status, and how many were sent again.
  func counts(run: String) throws(EmailDispatchError) -> (byStatus: [MailLog.Status: Int], resends: Int) {
    try reading { connection in
      var counts: [MailLog.Status: Int] = [:]
      var resends = 0
      let rows = try connection.database.unsafeRead {
        try Row.fetchAll($0, sql: MailLogSchema.counts, arguments: ["run": run])
      }
      for row in rows {
        if let status = MailLog.Status(rawValue: row[0]) { counts[status] = row[1] }
        resends += row[2]
      }
      return (counts, resends)
    }
  }

  private func reading<Result: Sendable>(
    _ body: (Connection) throws -> Result
  ) throws(EmailDispatchError) -> Result {
    do {
      return try connection.withLock { try body($0) }
    } catch {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be read: \(error)")
    }
  }
}
