import Dispatch
import FoundationEssentials
import GRDB
import Glibc

/// The one thread of this process that writes the mail log. What comes while a transaction is being made durable goes into the next
/// one together (group commit).
///
/// Several processes may write the file. SQLite before 3.51.3 can corrupt a WAL when one connection checkpoints while another
/// writes, so a lock beside the file keeps whole transactions, with the checkpoints at their ends, apart.
final class MailLogWriter: Sendable {
  enum Change: Sendable {
    case begin(MailLog.Entry, released: Int)
    case end(MailLog.Entry, MailLog.Status, reply: String?)
    case note(MailLog.Entry, MailLog.Status, reply: String?)
    case suppress(address: String, reason: String, detail: String?)
  }

  private let mailbox = ChangeMailbox()
  private let path: String

  /// Throws what SQLite says.
  init(_ path: String) throws {
    self.path = path
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw EmailDispatchError(.log, "the mail log \(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    close(descriptor)
    let lock = Glibc.open("\(path)-lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else {
      throw EmailDispatchError(.log, "\(path)-lock cannot be opened: \(String(cString: strerror(errno)))")
    }
    var configuration = Configuration()
    configuration.busyMode = .timeout(30)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    flock(lock, LOCK_EX)
    defer { flock(lock, LOCK_UN) }
    let database: DatabaseQueue
    do {
      database = try DatabaseQueue(path: path, configuration: configuration)
      try database.write { database in
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= MailLogSchema.version else {
          throw EmailDispatchError(.log, "the mail log \(path) is of a newer Carillon (version \(version))")
        }
        try database.execute(sql: MailLogSchema.sql)
        try database.execute(sql: "PRAGMA user_version = \(MailLogSchema.version)")
      }
    } catch {
      close(lock)
      throw error
    }
    let thread = MailLogThread(database: database, lock: lock, mailbox: mailbox, path: path)
    DispatchQueue(label: "carillon.mail-log").async { thread.run() }
  }

  /// Queues a change. `done` is called on the writer's thread, with how many rows it changed, once that is durable.
  func add(_ change: Change, done: @escaping Done) { mailbox.add((change, done)) }

  typealias Done = @Sendable (Result<Int, any Error>) -> Void

  /// What is queued is still written.
  func stop() { mailbox.close() }
}

/// Changes that wait for the writer.
final class ChangeMailbox: Sendable {
  typealias Letter = (change: MailLogWriter.Change, done: MailLogWriter.Done)

  private let letters = Guarded<(waiting: [Letter], isClosed: Bool)>(([], false))
  private let arrived = DispatchSemaphore(value: 0)

  func add(_ letter: Letter) {
    let isFirst = letters.withLock { state in
      state.waiting.append(letter)
      return state.waiting.count == 1
    }
    if isFirst { arrived.signal() }
  }

  func close() {
    letters.withLock { $0.isClosed = true }
    arrived.signal()
  }

  /// Everything that waits, at least one; nil: closed, and nothing waits.
  func take() -> [Letter]? {
    while true {
      let (taken, isClosed) = letters.withLock { state in
        defer { state.waiting = [] }
        return (state.waiting, state.isClosed)
      }
      if !taken.isEmpty { return taken }
      if isClosed { return nil }
      arrived.wait()
    }
  }
}

/// The writer's thread.
struct MailLogThread: Sendable {
  let database: DatabaseQueue
  let lock: Int32
  let mailbox: ChangeMailbox
  let path: String

  func run() {
    database.writeWithoutTransaction { database in
      // Not before it is needed: what is wrong then is told to whom it concerns.
      var statements: Statements?
      while let letters = mailbox.take() {
        let results = Result {
          let ready = try statements ?? Statements(database)
          statements = ready
          return try write(letters, ready)
        }
        .mapError { EmailDispatchError(.log, "the mail log \(path) cannot be written: \($0)") as any Error }
        for (index, letter) in letters.enumerated() { letter.done(results.map { $0[index] }) }
      }
    }
    do {
      try database.close()
    } catch {
      // Nothing is open to be lost: each transaction was committed.
    }
    close(lock)
  }

  /// How many rows each of them changed, in one transaction.
  private func write(_ letters: [ChangeMailbox.Letter], _ statements: Statements) throws -> [Int] {
    guard flock(lock, LOCK_EX) == 0 else { throw EmailDispatchError(.log, "flock: \(String(cString: strerror(errno)))") }
    defer { flock(lock, LOCK_UN) }
    _ = try statements.start.run()
    do {
      let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
      var counts: [Int] = []
      counts.reserveCapacity(letters.count)
      for letter in letters { counts.append(try statements.apply(letter.change, now)) }
      _ = try statements.commit.run()
      return counts
    } catch {
      statements.rollback()
      throw error
    }
  }
}

/// What the writer says to SQLite. On its thread only.
private struct Statements {
  let start: LogStatement
  let commit: LogStatement
  private let cancel: LogStatement
  private let begin: LogStatement
  private let end: LogStatement
  private let note: LogStatement
  private let suppress: LogStatement

  /// Throws what SQLite says.
  init(_ database: Database) throws {
    start = try LogStatement("BEGIN IMMEDIATE", on: database)
    commit = try LogStatement("COMMIT", on: database)
    cancel = try LogStatement("ROLLBACK", on: database)
    begin = try LogStatement(MailLogSchema.begin, on: database)
    end = try LogStatement(MailLogSchema.end, on: database)
    note = try LogStatement(MailLogSchema.note, on: database)
    suppress = try LogStatement(MailLogSchema.suppress, on: database)
  }

  /// A full disk may have ended the transaction already.
  func rollback() {
    do { _ = try cancel.run() } catch {}
  }

  func apply(_ change: MailLogWriter.Change, _ now: Int64) throws -> Int {
    let statement: LogStatement
    switch change {
    case .begin(let entry, let released):
      statement = begin
      bind(entry, to: statement)
      statement.bind(":released", Int64(released))
    case .end(let entry, let status, let reply):
      statement = end
      statement.bind(":key", entry.key)
      statement.bind(":status", status.rawValue)
      statement.bind(":reply", reply)
    case .note(let entry, let status, let reply):
      statement = note
      bind(entry, to: statement)
      statement.bind(":status", status.rawValue)
      statement.bind(":reply", reply)
    case .suppress(let address, let reason, let detail):
      statement = suppress
      statement.bind(":address", address)
      statement.bind(":reason", reason)
      statement.bind(":detail", detail)
    }
    statement.bind(":now", now)
    return try statement.run()
  }

  private func bind(_ entry: MailLog.Entry, to statement: LogStatement) {
    statement.bind(":key", entry.key)
    statement.bind(":run", entry.run)
    statement.bind(":item", entry.item)
    statement.bind(":address", entry.address)
    statement.bind(":user", entry.user)
    statement.bind(":type", entry.type)
    statement.bind(":id", entry.messageID)
  }
}
