import Dispatch

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
    let run: String
    let item: String
    let address: String
    let user: String?
    let type: String
    let messageID: String

    /// Of its row.
    let key: String

    package init(run: String, item: String, address: String, user: String?, type: String, messageID: String) {
      self.run = run
      self.item = item
      self.address = address
      self.user = user
      self.type = type
      self.messageID = messageID
      key = "\(run)/\(item)"
    }
  }

  private let reader: MailLogReader
  private let writer: MailLogWriter

  /// Opens the file, or makes it, readable to its owner only. Throws `EmailDispatchError.log`.
  package init(_ path: String) throws(EmailDispatchError) {
    do {
      writer = try MailLogWriter(path)
    } catch let error as EmailDispatchError {
      throw error
    } catch {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be opened: \(error)")
    }
    reader = try MailLogReader(path)
  }

  deinit { writer.stop() }

  /// What is known of a message and its address. Throws `EmailDispatchError.log`.
  package func standing(of entry: Entry) throws(EmailDispatchError) -> Standing { try reader.standing(of: entry) }

  /// How many messages of a run have which status, and how many were sent again.
  package func counts(run: String) throws(EmailDispatchError) -> (byStatus: [Status: Int], resends: Int) {
    try reader.counts(run: run)
  }

  /// Begins to note that the message may arrive from now on. `released` is the number of a try that may have arrived and is to be
  /// followed by another all the same. What it answers waits until that is durable; it throws when it is not, or may not be.
  package func begin(_ entry: Entry, released: Int?) -> @Sendable () throws -> Void {
    let ticket = Ticket()
    writer.add(.begin(entry, released: released ?? -1), done: { ticket.complete($0) })
    return {
      guard try ticket.wait() > 0 else {
        throw EmailDispatchError(.log, "the mail log says that the message may have been sent already")
      }
    }
  }

  /// Notes what became of a message that was begun; returns when it is durable. Throws `EmailDispatchError.log`.
  package func end(_ entry: Entry, _ status: Status, reply: String?) async throws {
    try await write(.end(entry, status, reply: reply))
  }

  /// Notes what became of a message that the server did not let us send. Throws `EmailDispatchError.log`.
  package func note(_ entry: Entry, _ status: Status, reply: String?) async throws {
    try await write(.note(entry, status, reply: reply))
  }

  /// The address gets nothing from now on. Throws `EmailDispatchError.log`.
  package func suppress(_ address: String, reason: String, detail: String?) async throws {
    try await write(.suppress(address: Self.normal(address), reason: reason, detail: detail))
  }

  private func write(_ change: MailLogWriter.Change) async throws {
    _ = try await withCheckedThrowingContinuation { continuation in
      writer.add(change, done: { continuation.resume(with: $0) })
    }
  }

  /// Addresses that differ in capitals are the same to all servers that matter.
  static func normal(_ address: String) -> String { address.lowercased() }
}

/// A result that a thread waits for.
private final class Ticket: Sendable {
  private let result = Guarded<Result<Int, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  func complete(_ result: Result<Int, any Error>) {
    self.result.withLock { $0 = result }
    done.signal()
  }

  /// Blocks the thread; once.
  func wait() throws -> Int {
    done.wait()
    guard let result = result.withLock({ $0 }) else { return 0 }
    return try result.get()
  }
}
