/// A job on its way from a foreign table to a job file.
struct JobDraft: Hashable, Sendable {
  var file: String
  var line: Int

  /// What its name is made of; not yet unique.
  var nameBase: String

  /// The same with more in it, for when others share the first.
  var longerName: String?

  /// What tells it from others of that name; the same in every import.
  var identity: String

  /// At the file's head, a line each.
  var comments: [String] = []
  var summary: String?
  var schedules: [ScheduleDraft] = []

  /// Between the schedules and the configuration.
  var policies: [YAMLText.Entry] = []

  /// Of the plugin `command`.
  var config: [YAMLText.Entry] = []

  func yaml(name: String) -> String {
    var entries = [YAMLText.Entry("name", .text(name))]
    if let summary { entries.append(.init("summary", .text(Self.cut(summary)))) }
    entries.append(.init("plugin", .text("command")))
    if schedules.count == 1, let cron = schedules[0].only {
      entries.append(.init("schedule", .text(cron)))
    } else if !schedules.isEmpty {
      entries.append(.init("schedules", .list(schedules.map { .map($0.entries) })))
    }
    entries += policies
    entries.append(.init("config", .map(config)))
    let head = comments.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }
      .map { $0.isEmpty ? "#" : "# \(Self.printable($0))" }
    return (head + YAMLText.lines(entries)).joined(separator: "\n") + "\n"
  }

  private static func cut(_ text: String) -> String { text.count > 200 ? text.prefix(199) + "…" : text }

  /// Without what no YAML file may hold, or what would end the comment.
  private static func printable(_ text: Substring) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { YAMLText.isPrintable($0) || $0 == "\t" ? $0 : "?" }))
  }
}

/// One schedule of a job.
struct ScheduleDraft: Hashable, Sendable {
  /// Their union is the schedule.
  var crons: [String]
  var fields = 5
  var zone: String?
  var exclude: [String] = []
  var jitter: String?
  var spread: String?

  /// The expression, when there is nothing else to say.
  var only: String? {
    self == ScheduleDraft(crons: crons) && crons.count == 1 ? crons[0] : nil
  }

  var entries: [YAMLText.Entry] {
    var entries = [YAMLText.Entry("cron", crons.count == 1 ? .text(crons[0]) : .list(crons.map { .text($0) }))]
    if fields != 5 { entries.append(.init("fields", .plain("\(fields)"))) }
    if let zone { entries.append(.init("zone", .text(zone))) }
    if !exclude.isEmpty { entries.append(.init("exclude", .list(exclude.map { .text($0) }))) }
    if let jitter { entries.append(.init("jitter", .text(jitter))) }
    if let spread { entries.append(.init("spread", .text(spread))) }
    return entries
  }
}
