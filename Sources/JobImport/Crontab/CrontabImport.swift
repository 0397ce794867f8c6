/// Turns a crontab into jobs that do as cron did.
package struct CrontabImport {
  /// Which crontab it is.
  package enum Form: Hashable, Sendable {
    /// As `crontab -l` prints it: the lines belong to a user; nil: to whoever runs the daemon.
    case user(String?)
    /// As /etc/crontab and the files of /etc/cron.d: with a user in each line.
    case system
  }

  /// One crontab.
  package struct Table: Sendable {
    package var text: String
    /// How notes call it.
    package var file: String
    package var form: Form

    package init(text: String, file: String, form: Form) {
      self.text = text
      self.file = file
      self.form = form
    }

    /// What the file's place says: /etc/crontab and what lies in an `/etc/cron.d` are the system's.
    package static func isSystem(_ path: String) -> Bool {
      path == "/etc/crontab" || path.split(separator: "/").dropLast().suffix(2) == ["etc", "cron.d"]
    }
  }

  private let file: String
  private let form: Form
  private var settings: [(name: String, value: String)] = []
  private var comments: [String] = []
  private var drafts: [JobDraft] = []
  private var notes: [ImportNote] = []

  /// The jobs of all tables; their names are unique among all.
  package static func read(_ tables: [Table]) -> Import {
    var result = Import()
    var drafts: [JobDraft] = []
    for table in tables {
      var reader = CrontabImport(table)
      reader.take(table.text)
      result.notes += reader.notes.sorted { $0.line < $1.line }
      drafts += reader.drafts
    }
    for (draft, name) in zip(drafts, JobNames.assigned(to: drafts)) {
      result.jobs.append(Import.Job(name: name, yaml: draft.yaml(name: name), file: draft.file, line: draft.line))
    }
    return result
  }

  private init(_ table: Table) {
    file = table.file
    form = table.form
  }

  private mutating func take(_ text: String) {
    // A pair of carriage return and line feed is one Character.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (place, line) in lines.enumerated() { take(line, number: place + 1) }
    if let last = lines.last, !last.isEmpty {
      note(lines.count, "the last line has no end; cron would have refused the file, it is carried over all the same")
    }
    if case .user(nil) = form, let first = drafts.first {
      note(first.line, "whose crontab it is cannot be seen; its jobs run as the daemon's user (--user says otherwise)")
    }
    let name = file.split(separator: "/").last ?? ""
    if form == .system, file != "/etc/crontab",
      !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) })
    {
      note(1, "cron itself passes over a file of this name: only letters, digits, hyphens and underscores may be in it")
    }
  }

  private mutating func note(_ line: Int, _ message: String, isBroken: Bool = false) {
    notes.append(ImportNote(file: file, line: line, isBroken: isBroken, message: message))
  }

  private mutating func take(_ text: Substring, number: Int) {
    do throws(ImportError) {
      switch try CrontabLine(String(text), hasUser: form == .system) {
      case .blank: comments = []
      case .comment(let comment): if tells(comment) { comments.append(comment) }
      case .setting(let name, let value): set(name, value, number)
      case .entry(let entry):
        drafts.append(draft(entry, String(text), number))
        comments = []
      }
    } catch {
      note(number, error.message, isBroken: true)
      comments = []
    }
  }

  /// Not the columns' heads, and not a line that was taken out.
  private func tells(_ comment: String) -> Bool {
    guard !comment.isEmpty, !comment.hasPrefix("m h ") else { return false }
    do throws(ImportError) {
      if case .entry = try CrontabLine(comment, hasUser: form == .system) { return false }
      return true
    } catch {
      return true
    }
  }

  private mutating func set(_ name: String, _ value: String, _ number: Int) {
    comments = []
    if name.utf8.contains(0) || name.contains(where: \.isWhitespace) || value.utf8.contains(0) {
      return note(number, "\"\(name)\" is no name for a variable; it is left out")
    }
    settings.removeAll { $0.name == name }
    settings.append((name, value))
    switch name {
    case "MAILTO" where !value.isEmpty:
      note(number, "MAILTO=\(value) is not carried over: output goes into the log of each run, not into a mail")
    case "MAILFROM", "CONTENT_TYPE", "CONTENT_TRANSFER_ENCODING": note(number, "\(name) is about mail, and not carried over")
    case "TZ":
      note(number, "TZ=\(value) is set for the commands only, as by cron; times are those of the machine or of CRON_TZ")
    case "CRON_TZ": note(number, "CRON_TZ=\(value) becomes the zone of the schedules below; Debian's own cron ignores it")
    case "LOGNAME", "USER": note(number, "\(name) cannot be set in a crontab; it is left out")
    case "RANDOM_DELAY": note(number, "RANDOM_DELAY=\(value) becomes the schedules' jitter")
    case "START_HOURS_RANGE", "NO_MAIL_OUTPUT": note(number, "\(name) is anacron's, and not carried over")
    default: break
    }
  }

  private func setting(_ name: String) -> String? { settings.last { $0.name == name }?.value }

  private mutating func draft(_ entry: CrontabLine.Entry, _ text: String, _ number: Int) -> JobDraft {
    if entry.isQuiet { note(number, "the \"-\" before the entry, which keeps cron from logging it, is not carried over") }
    if entry.isHashed { note(number, "a random range became H(…): chosen once for each job by its name, not at each start") }
    let user: String? = if case .user(let name) = form { name } else { entry.user }
    let base = JobNames.base(ofCommand: entry.command)
    var draft = JobDraft(
      file: file, line: number, nameBase: named(base.short), longerName: base.longer.map(named),
      identity: "\(entry.schedule) \(user ?? "") \(entry.command) \(entry.input ?? "")")
    draft.comments = ["From line \(number) of \(file):", "", "    \(text.drop { $0 == " " || $0 == "\t" })"]
    if let mail = setting("MAILTO"), !mail.isEmpty {
      draft.comments += ["", "MAILTO=\(mail): what it prints was mailed there."]
    }
    draft.summary = comments.isEmpty ? nil : comments.joined(separator: " ")
    var schedule = ScheduleDraft(crons: [entry.schedule])
    schedule.zone = setting("CRON_TZ")
    if let delay = setting("RANDOM_DELAY").flatMap({ Int($0) }), delay > 0 { schedule.jitter = "\(delay)m" }
    draft.schedules = [schedule]
    draft.policies = [
      .init("catch_up", .text("none"), comment: "as cron: what came due while the machine was off is gone"),
      .init("overlap", .text("allow"), comment: "as cron: it begins even if the last one is not through"),
      .init("retry", .inline([.init("max_attempts", .plain("1"))]), comment: "as cron: once"),
      .init("limits", .inline([.init("new_privileges", .plain("true"))]), comment: "as cron: sudo and its like work"),
    ]
    draft.config = config(entry, user: user)
    return draft
  }

  /// Of a file in /etc/cron.d the name says more than many a program's.
  private func named(_ base: String) -> String {
    let path = file.split(separator: "/")
    guard form == .system, path.dropLast().last == "cron.d", let name = path.last.map(String.init),
      !JobNames.slug(base).contains(JobNames.slug(name))
    else { return base }
    return "\(name)-\(base)"
  }

  private func config(_ entry: CrontabLine.Entry, user: String?) -> [YAMLText.Entry] {
    let shell = setting("SHELL") ?? "/bin/sh"
    var config = [
      YAMLText.Entry("shell", shell == "/bin/sh" ? .plain("true") : .text(shell)), .init("command", .text(entry.command)),
    ]
    if let input = entry.input { config.append(.init("stdin", .map([.init("text", .text(input))]))) }
    if let user { config.append(.init("user", .text(user))) }
    if let home = setting("HOME"), home.hasPrefix("/") { config.append(.init("directory", .text(home))) }
    // What cron itself reads, or what mail would need, is no business of the command's; the rest it would have had.
    let own: Set = [
      "SHELL", "LOGNAME", "USER", "CRON_TZ", "RANDOM_DELAY", "START_HOURS_RANGE", "MAILTO", "MAILFROM", "CONTENT_TYPE",
      "CONTENT_TRANSFER_ENCODING", "NO_MAIL_OUTPUT",
    ]
    var environment = settings.filter { !own.contains($0.name) }
    if setting("PATH") == nil { environment.insert(("PATH", "/usr/bin:/bin"), at: 0) }
    config.append(.init("environment", .map(environment.map { .init($0.name, .text($0.value)) })))
    config.append(.init("background", .text("leave"), comment: "as cron: what it starts in the background stays"))
    return config
  }
}
