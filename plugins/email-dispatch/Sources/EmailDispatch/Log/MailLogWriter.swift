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

  /// Queues a change; the ticket says when it is durable.
  func add(_ change: Change) -> Ticket {
    let ticket = Ticket()
    mailbox.add((change, ticket))
    return ticket
  }

  /// What is queued is still written.
  func stop() { mailbox.close() }
}

/// Changes that wait for the writer.
final class ChangeMailbox: Sendable {
  typealias Letter = (MailLogWriter.Change, Ticket)

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

/// What somebody gets who waits for a change to be durable.
final class Ticket: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Int, any Error>)
    case done(Result<Int, any Error>)
  }

  private let state = Guarded<State>(.open)
  private let done = DispatchSemaphore(value: 0)

  func complete(_ result: Result<Int, any Error>) {
    let waiting = state.withLock { state in
      defer { state = .done(result) }
      return state
    }
    if case .awaited(let continuation) = waiting { continuation.resume(with: result) }
    done.signal()
  }

  /// How many rows were changed. Blocks the thread.
  func wait() throws -> Int {
    done.wait()
    done.signal()
    guard case .done(let result) = state.withLock({ $0 }) else { return 0 }
    return try result.get()
  }

  /// The same without blocking; one may ask.
  func value() async throws -> Int {
    try await withCheckedThrowingContinuation { continuation in
      let result = state.withLock { state -> Result<Int, any Error>? in
        if case .done(let result) = state { return result }
        state = .awaited(continuation)
        return nil
      }
      if let result { continuation.resume(with: result) }
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
    while let letters = mailbox.take() {
      let results = Result { try write(letters.map(\.0)) }
      for (index, letter) in letters.enumerated() {
        letter.1.complete(
          results.map { $0[index] }.mapError { EmailDispatchError(.log, "the mail log \(path) cannot be written: \($0)") })
      }
    }
    do {
      try database.close()
    } catch {
      // Nothing is open to be lost: each transaction was committed.
    }
    close(lock)
  }

  /// How many rows each of them changed.
  private func write(_ changes: [MailLogWriter.Change]) throws -> [Int] {
    guard flock(lock, LOCK_EX) == 0 else { throw EmailDispatchError(.log, "flock: \(String(cString: strerror(errno)))") }
    defer { flock(lock, LOCK_UN) }
    return try database.writeWithoutTransaction { database in
      var counts: [Int] = []
      try database.inTransaction(.immediate) {
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        for change in changes { counts.append(try apply(change, now, database)) }
        return .commit
      }
      return counts
    }
  }

  private func apply(_ change: MailLogWriter.Change, _ now: Int64, _ database: Database) throws -> Int {
    let statement: LogStatement
    switch change {
    case .begin(let entry, let released):
      statement = try LogStatement(MailLogSchema.begin, on: database)
      bind(entry, to: statement)
      statement.bind(":released", Int64(released))
    case .end(let entry, let status, let reply):
      statement = try LogStatement(MailLogSchema.end, on: database)
      statement.bind(":key", entry.key)
      statement.bind(":status", status.rawValue)
      statement.bind(":reply", reply)
    case .note(let entry, let status, let reply):
      statement = try LogStatement(MailLogSchema.note, on: database)
      bind(entry, to: statement)
      statement.bind(":status", status.rawValue)
      statement.bind(":reply", reply)
    case .suppress(let address, let reason, let detail):
      statement = try LogStatement(MailLogSchema.suppress, on: database)
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
