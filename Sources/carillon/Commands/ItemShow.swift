import ArgumentParser
import ControlAPI
import JobModel

/// Everything that is known of one item.
struct ItemShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an item: every attempt, its error and timing, its output and its log.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
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
    let control = try Installation(global).control()
    let record = try await control.run(run)
    let detail = try await control.item(run: record.id, key: key)
    let log = try await log(of: record.id, control)
    if global.json {
      return try global.console.print(
        json: Document(item: detail.item, idempotencyKey: "\(record.id)/\(key)", tries: detail.attempts, log: log))
    }
    for line in lines(detail, record) { try global.console.print(line) }
    if !log.isEmpty { try global.console.print("log") }
    let format = LogFormat(isJSON: false, console: global.console)
    for line in log { try global.console.print("  " + format.line(line)) }
  }

  /// The last lines of the item.
  private func log(of run: String, _ control: any Control) async throws -> [LogDocument] {
    var found: [LogDocument] = []
    var offset: Int64 = 0
    while true {
      let page = try await control.log(run, from: offset, limit: Logs.pageBytes)
      found += page.lines.filter { $0.item == key }
      if found.count > 2 * Self.shownLogLines { found.removeFirst(found.count - Self.shownLogLines) }
      guard page.next > offset else { return found.suffix(Self.shownLogLines) }
      offset = page.next
    }
  }

  private func lines(_ detail: ItemDetailDocument, _ run: RunDocument) -> [String] {
    let item = detail.item
    let now = Timestamp.systemNow()
    var lines = [
      "item       \(Words.printable(item.key))", "run        \(run.id) of \(run.job)", "state      \(item.state)",
      "attempts   \(item.attempts)" + (detail.maxAttempts.map { " of \($0)" } ?? "")
        + (item.deaths > 0 ? ", \(item.deaths) workers died of it" : ""),
    ]
    if item.priority != 0 { lines.append("priority   \(item.priority)") }
    if let due = item.dueAt { lines.append("due        \(Words.instant(due, now: now))") }
    if let reason = item.reason { lines.append("reason     \(Words.printable(reason))") }
    lines += labelled("output", item.output) + labelled("effect", item.effect)
    lines += labelled("payload", item.payload)
    if detail.attempts.isEmpty && item.startedAt == nil { return lines + ["tries      none yet"] }
    lines.append("tries")
    for attempt in detail.attempts {
      lines.append(
        "  \(attempt.ordinal). \(Words.instant(attempt.startedAt, now: now)), \(Words.duration(seconds: attempt.durationS)), worker "
          + "\(attempt.workerPid ?? 0): \(attempt.cause): \(Words.printable(attempt.reason))")
    }
    if let start = item.startedAt, let state = item.itemState, state.isFinal || state.isFailure {
      lines.append(
        "  \((detail.attempts.last?.ordinal ?? 0) + 1). \(Words.instant(start, now: now)), "
          + "\(item.durationS.map(Words.duration(seconds:)) ?? "?"), worker \(item.workerPid ?? 0): \(item.state)"
          + (item.reason.map { ": \(Words.printable($0))" } ?? ""))
    }
    return lines
  }

  private func labelled(_ label: String, _ value: JSONValue?) -> [String] {
    guard let value else { return [] }
    let head = label + String(repeating: " ", count: 11 - label.count)
    return JSONText.pretty(value).enumerated().map { index, line in
      (index == 0 ? head : String(repeating: " ", count: 11)) + Words.printable(line)
    }
  }
}
