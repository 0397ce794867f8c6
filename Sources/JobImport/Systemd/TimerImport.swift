/// Turns a systemd timer and its service into a job.
package struct TimerImport {
  /// A unit file as it was found.
  package struct Unit: Sendable {
    package var path: String
    package var text: String

    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  private let timer: UnitFile
  private var notes: [ImportNote] = []
  private var isBroken = false

  /// The name of the service that a timer starts: `Unit=`, else its own.
  package static func serviceName(of timer: Unit) -> String {
    let file = UnitFile(timer.text, path: timer.path)
    let own = file.name.hasSuffix(".timer") ? String(file.name.dropLast(6)) : file.name
    return file.last("Timer", "Unit")?.value ?? "\(own).service"
  }

  /// - Parameter units: each timer with its service; nil when that was not found.
  package static func read(_ units: [(timer: Unit, service: Unit?)]) -> Import {
    var result = Import()
    var drafts: [JobDraft] = []
    for (timer, service) in units {
      var reader = TimerImport(timer: UnitFile(timer.text, path: timer.path))
      let draft = reader.draft(service)
      result.notes += reader.notes.sorted {
        ($0.file == timer.path ? 0 : 1, $0.line) < ($1.file == timer.path ? 0 : 1, $1.line)
      }
      if let draft, !reader.isBroken { drafts.append(draft) }
    }
    for (draft, name) in zip(drafts, JobNames.assigned(to: drafts)) {
      result.jobs.append(Import.Job(name: name, yaml: draft.yaml(name: name), file: draft.file, line: draft.line))
    }
    return result
  }

  private init(timer: UnitFile) { self.timer = timer }

  private mutating func note(_ file: UnitFile, _ line: Int, _ message: String, isBroken: Bool = false) {
    notes.append(ImportNote(file: file.path, line: line, isBroken: isBroken, message: message))
    self.isBroken = self.isBroken || isBroken
  }

  private mutating func draft(_ service: Unit?) -> JobDraft? {
    for (line, text) in timer.strange { note(timer, line, "\"\(text)\" is no setting", isBroken: true) }
    guard let service else {
      let name = Self.serviceName(of: Unit(path: timer.path, text: timer.settings.isEmpty ? "" : text))
      note(timer, 1, "its service \(name) is not beside it, so what it runs is not known", isBroken: true)
      return nil
    }
    var draft = JobDraft(
      file: timer.path, line: 1, nameBase: String(timer.name.dropLast(timer.name.hasSuffix(".timer") ? 6 : 0)),
      identity: timer.path)
    draft.comments = ["From \(timer.path)", "and \(service.path)."]
    draft.schedules = schedules()
    if draft.schedules.isEmpty, !isBroken {
      note(timer, 1, "it has no OnCalendar= or other time at which it begins", isBroken: true)
    }
    draft.policies = policies()
    noteTheRest()
    var reader = ServiceReader(UnitFile(service.text, path: service.path))
    if reader.mayGainPrivileges {
      draft.policies.append(
        .init("limits", .inline([.init("new_privileges", .plain("true"))]), comment: "as systemd: sudo and its like work"))
    }
    draft.config = reader.config()
    notes += reader.notes
    isBroken = isBroken || reader.notes.contains(where: \.isBroken)
    draft.summary = timer.last("Unit", "Description")?.value ?? reader.summary
    return draft
  }

  /// The service's name is all that is asked of it.
  private var text: String { timer.last("Timer", "Unit").map { "[Timer]\nUnit=\($0.value)\n" } ?? "" }

  private mutating func schedules() -> [ScheduleDraft] {
    var schedules: [ScheduleDraft] = []
    var events: [CalendarEvent] = []
    for setting in timer.all("Timer", "OnCalendar") {
      do throws(ImportError) { events.append(try CalendarEvent(setting.value)) } catch {
        note(timer, setting.line, error.message, isBroken: true)
      }
    }
    for event in events {
      let fields = events.filter { $0.zone == event.zone && $0.exclusions(fields: 5).isEmpty }.map(\.fieldCount).max()
      let count = event.exclusions(fields: 5).isEmpty ? fields ?? event.fieldCount : event.fieldCount
      let schedule = ScheduleDraft(
        crons: [event.cron(fields: count)], fields: count, zone: event.zone, exclude: event.exclusions(fields: count))
      // Several plain ones are one schedule: where they meet, one run begins, as with systemd.
      let partner = schedules.firstIndex { $0.fields == count && $0.zone == event.zone && $0.exclude.isEmpty }
      if schedule.exclude.isEmpty, let partner {
        if !schedules[partner].crons.contains(schedule.crons[0]) { schedules[partner].crons += schedule.crons }
      } else {
        schedules.append(schedule)
      }
    }
    schedules += monotonic()
    let delay = span("RandomizedDelaySec")
    let offset = span("RandomizedOffsetSec")
    for place in schedules.indices {
      if timer.flag("Timer", "FixedRandomDelay") { schedules[place].spread = delay } else { schedules[place].jitter = delay }
      if let offset { schedules[place].spread = offset }
    }
    return schedules
  }

  /// `OnBootSec=` and its kin.
  private mutating func monotonic() -> [ScheduleDraft] {
    var schedules: [ScheduleDraft] = []
    let repeated = ["OnUnitActiveSec", "OnUnitInactiveSec"].flatMap { timer.all("Timer", $0) }
    for setting in repeated {
      guard let text = span(setting), text != "0" else { continue }
      schedules.append(ScheduleDraft(crons: ["@every \(text)"]))
      note(
        timer, setting.line,
        "\(setting.key)=\(setting.value) becomes @every \(text), which counts from one start to the next"
          + (setting.key == "OnUnitInactiveSec" ? ", not from the end of the one before" : ""))
    }
    for setting in ["OnBootSec", "OnStartupSec", "OnActiveSec"].flatMap({ timer.all("Timer", $0) }) {
      guard let text = span(setting) else { continue }
      if repeated.isEmpty {
        if !schedules.contains(where: { $0.crons == ["@reboot"] }) { schedules.append(ScheduleDraft(crons: ["@reboot"])) }
        note(
          timer, setting.line,
          "\(setting.key)=\(setting.value) becomes @reboot" + (text == "0" ? "" : ": the wait of \(text) is not carried over"))
      } else {
        note(
          timer, setting.line,
          "\(setting.key)=\(setting.value) is not carried over: the first run comes with the first interval")
      }
    }
    return schedules
  }

  private mutating func span(_ key: String) -> String? {
    guard let setting = timer.last("Timer", key) else { return nil }
    let text = span(setting)
    return text == "0" ? nil : text
  }

  private mutating func span(_ setting: UnitFile.Setting) -> String? {
    do throws(ImportError) { return try TimeSpan.jobText(setting.value) } catch {
      note(timer, setting.line, "\(setting.key): \(error.message)", isBroken: true)
      return nil
    }
  }

  private func policies() -> [YAMLText.Entry] {
    let catchUp =
      timer.flag("Timer", "Persistent")
      ? YAMLText.Entry(
        "catch_up", .inline([.init("policy", .text("latest")), .init("within", .text("365d"))]), comment: "Persistent=true")
      : YAMLText.Entry("catch_up", .text("none"), comment: "Persistent=false")
    return [
      catchUp, .init("overlap", .text("skip"), comment: "as systemd: a service that runs is not started again"),
      .init("retry", .inline([.init("max_attempts", .plain("1"))]), comment: "as systemd: once"),
    ]
  }

  private mutating func noteTheRest() {
    let carried: Set = [
      "OnCalendar", "OnBootSec", "OnStartupSec", "OnActiveSec", "OnUnitActiveSec", "OnUnitInactiveSec", "Persistent",
      "RandomizedDelaySec", "FixedRandomDelay", "RandomizedOffsetSec", "Unit",
    ]
    for setting in timer.settings where setting.section == "Timer" && !carried.contains(setting.key) {
      let reason =
        setting.key == "AccuracySec"
        ? "runs begin at their instant, not within a window behind it" : "there is nothing like it in a job file"
      note(timer, setting.line, "\(setting.key)=\(setting.value) is not carried over: \(reason)")
    }
    for setting in timer.settings where setting.section == "Unit" && UnitKeys.matters(setting) {
      note(timer, setting.line, "\(setting.key)=\(setting.value) is not carried over")
    }
  }
}

/// Settings of `[Unit]` that say something of when or whether a unit runs.
enum UnitKeys {
  static func matters(_ setting: UnitFile.Setting) -> Bool {
    let key = setting.key
    // Targets are steps of systemd's own way up and down.
    if setting.value.split(separator: " ").allSatisfy({ $0.hasSuffix(".target") }) { return false }
    return key.hasPrefix("Condition") || key.hasPrefix("Assert") || key.hasPrefix("On") || key.hasPrefix("StartLimit")
      || ["Requires", "Requisite", "BindsTo", "Conflicts", "JobTimeoutSec"].contains(key)
  }
}
