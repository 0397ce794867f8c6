import ArgumentParser
import Engine
import JobFiles
import JobModel
import Store

/// Everything that is known of one item.
struct ItemShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an item: every attempt, its error and timing, its output and its log.")

  @Argument(help: "The run: its id, a part of it, or \"last\".")
  var run: String

  @Argument(help: "The item's key.")
  var key: String

  @OptionGroup var global: GlobalOptions

  private static let shownLogLines = 1_000

  private struct Document: Encodable {
    var item: ItemDocument
    var idempotencyKey: String
    var tries: [AttemptDocument]
    var log: [LogDocument]
  }

  func run() async throws {
    let installation = Installation(global)
    let store = try installation.reader()
    let record = try await store.run(reference: run)
    guard let detail = try await store.item(run: record.number, key: key) else { throw try await missing(in: record, store) }
    let log = try LogFile(path: installation.paths.log(of: record.id)).lines(ofItem: key, last: Self.shownLogLines)
    if global.json {
      return try global.console.print(
        json: Document(
          item: ItemDocument(detail.item, run: record.id.text, isWhole: true), idempotencyKey: "\(record.id)/\(key)",
          tries: detail.attempts.map(AttemptDocument.init), log: log.map(LogDocument.init)))
    }
    for line in lines(detail, record) { try global.console.print(line) }
    if !log.isEmpty { try global.console.print("log") }
    let format = LogFormat(isJSON: false, console: global.console)
    for line in log { try global.console.print("  " + format.line(line)) }
  }

  private func missing(in record: RunRecord, _ store: SQLiteStore) async throws -> CommandError {
    let some = try await store.items(ItemQuery(run: record.number, limit: 10_000))
    let suggestion = some.map(\.key).nearest(to: key).map { "; did you mean \"\(Words.printable($0))\"?" } ?? ""
    return CommandError(.notFound, "run \(record.id) has no item \"\(Words.printable(key))\"\(suggestion)")
  }

  private func lines(_ detail: ItemDetail, _ run: RunRecord) -> [String] {
    let item = detail.item
    let now = Timestamp.systemNow()
    var lines = [
      "item       \(Words.printable(item.key))", "run        \(run.id) of \(run.job.name)", "state      \(item.state.name)",
      "attempts   \(item.attempts) of \(run.job.retry.maxAttempts)"
        + (item.deaths > 0 ? ", \(item.deaths) workers died of it" : ""),
    ]
    if item.priority != 0 { lines.append("priority   \(item.priority)") }
    if let due = item.dueAt { lines.append("due        \(Words.instant(due, now: now))") }
    if let reason = item.reason { lines.append("reason     \(Words.printable(reason))") }
    lines += labelled("output", item.output) + labelled("effect", item.effect)
    lines += labelled("payload", String(decoding: item.payload.prefix(65_536), as: UTF8.self))
    if detail.attempts.isEmpty && item.startedAt == nil { return lines + ["tries      none yet"] }
    lines.append("tries")
    for attempt in detail.attempts {
      lines.append(
        "  \(attempt.ordinal). \(Words.instant(attempt.startedAt, now: now)), \(Words.duration(attempt.duration)), worker "
          + "\(attempt.workerPID): \(attempt.cause.name): \(Words.printable(attempt.reason))")
    }
    if let start = item.startedAt, item.state.isFinal || item.state.isFailure {
      lines.append(
        "  \((detail.attempts.last?.ordinal ?? 0) + 1). \(Words.instant(start, now: now)), "
          + "\(item.duration.map(Words.duration) ?? "?"), worker \(item.workerPID): \(item.state.name)"
          + (item.reason.map { ": \(Words.printable($0))" } ?? ""))
    }
    return lines
  }

  private func labelled(_ label: String, _ text: String?) -> [String] {
    guard let value = JSONOutput.value(text) else { return [] }
    let head = label + String(repeating: " ", count: 11 - label.count)
    return JSONText.pretty(value).enumerated().map { index, line in
      (index == 0 ? head : String(repeating: " ", count: 11)) + Words.printable(line)
    }
  }
}
