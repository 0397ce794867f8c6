import FoundationEssentials
import GRDB

/// The mail log: what was sent to whom, what may have been, and who gets nothing. A SQLite file of this plugin's own, which several
/// jobs may share. Any thread.
package final class MailLog: Sendable {
  /// What a message's row says.
  package enum Status: String, Sendable {
    case sending, sent, deferred, failed, unknown
  }

  /// What is known of a recipient before anything is sent.
  package struct Standing: Sendable {
    /// Why the address gets nothing; nil: it may.
    package var suppressed: String?
    /// nil: never tried in this run.
    package var status: Status?
    package var tries: Int
    package var firstAtMicroseconds: Int64
    package var reply: String?
  }

  /// One message of one run, as the log knows it.
  package struct Entry: Sendable {
    package var run: String
    package var item: String
    package var address: String
    package var user: String?
    package var type: String
    package var messageID: String

    var key: String { "\(run)/\(item)" }
  }

  private let path: String
  private let reader: DatabaseQueue
  private let writer: MailLogWriter

  /// Opens the file, or makes it, readable to its owner only. Throws `EmailDispatchError.log`.
  package init(_ path: String) throws(EmailDispatchError) {
    self.path = path
    do {
      let writer = try MailLogWriter(path)
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(30)
      reader = try DatabaseQueue(path: path, configuration: configuration)
      self.writer = writer
    } catch let error as EmailDispatchError {
      throw error
    } catch {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be opened: \(error)")
    }
  }

  deinit { writer.stop() }

  /// What is known of a message and its address. Throws `EmailDispatchError.log`.
  package func standing(of entry: Entry) throws(EmailDispatchError) -> Standing {
    try reading { database in
      let statement = try database.cachedStatement(sql: MailLogSchema.look)
      let row = try Row.fetchOne(statement, arguments: ["address": Self.normal(entry.address), "key": entry.key])
      return Standing(
        suppressed: row?[0], status: (row?[1] as String?).flatMap(Status.init(rawValue:)), tries: row?[2] ?? 0,
        firstAtMicroseconds: row?[3] ?? 0, reply: row?[5])
    }
  }

  /// Why an address gets nothing; nil: it may, or there is no log at `path` yet. Throws `EmailDispatchError.log`.
  package static func suppression(of address: String, in path: String) throws(EmailDispatchError) -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(30)
    do {
      return try DatabaseQueue(path: path, configuration: configuration).read { database in
        try String.fetchOne(database, sql: "SELECT reason FROM suppression WHERE address = ?", arguments: [normal(address)])
      }
    } catch {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be read: \(error)")
    }
  }

  /// How many messages of a run have which status, and how many were sent again.
  package func counts(run: String) throws(EmailDispatchError) -> (byStatus: [Status: Int], resends: Int) {
    try reading { database in
      var counts: [Status: Int] = [:]
      var resends = 0
      for row in try Row.fetchAll(database, sql: MailLogSchema.counts, arguments: [run]) {
        if let status = Status(rawValue: row[0]) { counts[status] = row[1] }
        resends += row[2]
      }
      return (counts, resends)
    }
  }

  private func reading<Result>(_ body: (Database) throws -> Result) throws(EmailDispatchError) -> Result {
    do {
      return try reader.unsafeRead(body)
    } catch {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be read: \(error)")
    }
  }

  /// Begins to note that the message may arrive from now on. `released` is the number of a try that may have arrived and is to be
  /// followed by another all the same. What it answers waits until that is durable; it throws when it is not, or may not be.
  package func begin(_ entry: Entry, released: Int?) -> @Sendable () throws -> Void {
    let ticket = writer.add(.begin(entry, released: released ?? -1))
    return {
      guard try ticket.wait() > 0 else {
        throw EmailDispatchError(.log, "the mail log says that the message may have been sent already")
      }
    }
  }

  /// Notes what became of a message that was begun; returns when it is durable. Throws `EmailDispatchError.log`.
  package func end(_ entry: Entry, _ status: Status, reply: String?) async throws {
    _ = try await writer.add(.end(entry, status, reply: reply)).value()
  }

  /// Notes what became of a message that the server did not let us send. Throws `EmailDispatchError.log`.
  package func note(_ entry: Entry, _ status: Status, reply: String?) async throws {
    _ = try await writer.add(.note(entry, status, reply: reply)).value()
  }

  /// The address gets nothing from now on. Throws `EmailDispatchError.log`.
  package func suppress(_ address: String, reason: String, detail: String?) async throws {
    _ = try await writer.add(.suppress(address: Self.normal(address), reason: reason, detail: detail)).value()
  }

  /// Addresses that differ in capitals are the same to all servers that matter.
  static func normal(_ address: String) -> String { address.lowercased() }
}
