import Cron
import JobModel

extension JobDecoder {
  static let scheduleKeys = [
    "name", "cron", "fields", "zone", "dst", "start", "end", "exclude", "jitter", "spread",
  ]
  private static let day = Duration.seconds(86_400)

  /// When the job runs by itself, and what becomes of instants that cannot be kept.
  func readSchedules(of job: inout JobDefinition, _ fields: Fields) {
    if let value = fields.choice("overlap", OverlapPolicy.self) { job.overlap = value }
    if let value = fields.choice("after_pause", Backlog.self) { job.afterPause = value }
    if let value = catchUp(fields) { job.catchUp = value }
    job.schedules = schedules(fields, job: job.name)
  }

  /// `latest`, or `{policy: all, within: 24h, pace: 10s}`.
  private func catchUp(_ fields: Fields) -> CatchUpPolicy? {
    guard let node = fields.node("catch_up") else { return nil }
    var policy = CatchUpPolicy()
    if node.scalarText != nil {
      guard let backlog = fields.choice("catch_up", Backlog.self) else { return nil }
      policy.backlog = backlog
      return policy
    }
    guard let inner = fields.fields("catch_up", known: ["policy", "within", "pace"]) else { return nil }
    if let value = inner.choice("policy", Backlog.self) { policy.backlog = value }
    if let value = inner.duration("within", in: .seconds(1)...Self.day * 366) { policy.within = value }
    if let value = inner.duration("pace", in: .zero...Self.day) { policy.pace = value }
    return policy
  }

  private func schedules(_ fields: Fields, job: String) -> [ScheduleSpec] {
    if fields.keyMark(of: "schedule") != nil, fields.keyMark(of: "schedules") != nil {
      fields.note("schedule", "there is also schedules: write all of them there")
      return []
    }
    if let node = fields.node("schedule") {
      guard node.scalarText != nil else {
        fields.note("schedule", "must be one cron expression, is \(node.kind); more is written under schedules")
        return []
      }
      return ScheduleDecoder(job: job, findings: findings, zones: zones).schedule(cron: node, path: "schedule").map { [$0] }
        ?? []
    }
    guard let node = fields.node("schedules") else { return [] }
    guard case .sequence(let items) = node.content else {
      fields.note("schedules", "must be a list of schedules, is \(node.kind)")
      return []
    }
    return named(
      items.enumerated().map { index, item in
        (item.mark, ScheduleDecoder(job: job, findings: findings, zones: zones).schedule(item, path: "schedules[\(index)]"))
      })
  }

  /// Schedules of one name would share a ledger.
  private func named(_ schedules: [(mark: SourceMark, spec: ScheduleSpec?)]) -> [ScheduleSpec] {
    var names: Set<String> = []
    for (index, (mark, spec)) in schedules.enumerated() {
      guard let spec, !names.insert(spec.name).inserted else { continue }
      findings.add(
        mark, "schedules[\(index)].name", "\"\(spec.name)\" is the name of another schedule of this job; give each its own")
    }
    return schedules.compactMap(\.spec)
  }
}

/// Reads one schedule.
private struct ScheduleDecoder {
  let job: String
  let findings: FindingLog
  let zones: ZoneCache

  /// Only an expression.
  func schedule(cron node: YAMLNode, path: String) -> ScheduleSpec? {
    guard let text = node.scalarText, let zone = systemZone(node.mark, path),
      expression(text, .minutes, node.mark, path) != nil
    else { return nil }
    let spec = ScheduleSpec(name: Self.name(text), expressions: [text], zone: zone.identifier)
    return check(spec, node.mark, path) ? spec : nil
  }

  func schedule(_ node: YAMLNode, path: String) -> ScheduleSpec? {
    if node.scalarText != nil { return schedule(cron: node, path: path) }
    let before = findings.findings.count
    guard let fields = Fields(node, path: path, known: JobDecoder.scheduleKeys, findings: findings) else { return nil }
    let format = format(fields)
    let texts = texts(fields, "cron", format)
    guard fields.keyMark(of: "cron") != nil else {
      findings.add(node.mark, "\(path).cron", "is missing: when is the job due? For example cron: \"0 2 * * *\"")
      return nil
    }
    guard let zone = zone(fields) else { return nil }
    var spec = ScheduleSpec(
      name: fields.text("name") ?? texts.first.map(Self.name) ?? "", expressions: texts, zone: zone.identifier)
    spec.format = format
    if fields.keyMark(of: "name") != nil, !Self.isName(spec.name) {
      fields.note("name", "must be 1 to 64 lower-case letters, digits and hyphens, is \"\(spec.name)\"")
    }
    if let value = fields.choice("dst", DSTPolicy.self) { spec.dst = value }
    spec.start = instant(fields, "start", zone)
    spec.end = instant(fields, "end", zone)
    if let start = spec.start, let end = spec.end, end <= start { fields.note("end", "must be later than start") }
    spec.exclusions = exclusions(fields, format, zone)
    let day = Duration.seconds(86_400)
    if let value = fields.duration("jitter", in: .zero...day) { spec.jitter = value }
    if let value = fields.duration("spread", in: .zero...day) { spec.spread = value }
    guard findings.findings.count == before else { return nil }
    return check(spec, fields.keyMark(of: "cron") ?? node.mark, "\(path).cron") ? spec : nil
  }

  private static func name(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  private static func isName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }

  private func format(_ fields: Fields) -> CronFormat {
    guard let number = fields.integer("fields", in: 5...7) else { return .minutes }
    return CronFormat(rawValue: number) ?? .minutes
  }

  /// One text or a list of texts, each a valid expression.
  private func texts(_ fields: Fields, _ key: String, _ format: CronFormat) -> [String] {
    guard let node = fields.node(key) else { return [] }
    let path = fields.name(of: key)
    if let text = node.scalarText {
      _ = expression(text, format, node.mark, path)
      return [text]
    }
    guard case .sequence(let items) = node.content, !items.isEmpty else {
      fields.note(key, "must be a cron expression or a list of them, is \(node.kind)")
      return []
    }
    return items.enumerated().compactMap { index, item in
      guard let text = item.scalarText else {
        findings.add(item.mark, "\(path)[\(index)]", "must be a cron expression, is \(item.kind)")
        return nil
      }
      _ = expression(text, format, item.mark, "\(path)[\(index)]")
      return text
    }
  }

  private func expression(_ text: String, _ format: CronFormat, _ mark: SourceMark, _ path: String) -> CronExpression? {
    do throws(CronError) {
      return try CronExpression(text, format: format, hashKey: job)
    } catch {
      findings.add(mark, path, "\"\(text)\": \(error)")
      return nil
    }
  }

  private func zone(_ fields: Fields) -> ZoneRules? {
    guard fields.keyMark(of: "zone") != nil else { return systemZone(fields.mark, fields.name(of: "zone")) }
    guard let name = fields.text("zone") else { return nil }
    do throws(CronError) {
      return try zones.zone(name)
    } catch {
      fields.note("zone", error.message)
      return nil
    }
  }

  private func systemZone(_ mark: SourceMark, _ path: String) -> ZoneRules? {
    do throws(CronError) {
      return try zones.system()
    } catch {
      findings.add(mark, path, "\(error.message); name a zone, as UTC or Europe/Berlin")
      return nil
    }
  }

  private func instant(_ fields: Fields, _ key: String, _ zone: ZoneRules) -> Timestamp? {
    guard let text = fields.text(key) else { return nil }
    do throws(CronError) {
      return Timestamp(seconds: zone.second(of: try LocalTime(text)))
    } catch {
      fields.note(key, "must be a local time as \"2026-12-24 18:00\" or a date, is \"\(text)\"")
      return nil
    }
  }

  private func exclusions(_ fields: Fields, _ format: CronFormat, _ zone: ZoneRules) -> [ScheduleSpec.Exclusion] {
    guard let node = fields.node("exclude") else { return [] }
    let path = fields.name(of: "exclude")
    let items: [YAMLNode] = if case .sequence(let items) = node.content { items } else { [node] }
    return items.enumerated().compactMap { index, item in
      let place = "\(path)[\(index)]"
      if let text = item.scalarText {
        return expression(text, format, item.mark, place).map { _ in .expression(text) }
      }
      guard let window = Fields(item, path: place, known: ["from", "to"], findings: findings) else { return nil }
      for key in ["from", "to"] where window.keyMark(of: key) == nil { window.note(key, "is missing") }
      guard let from = instant(window, "from", zone), let to = instant(window, "to", zone) else { return nil }
      guard from < to else {
        window.note("to", "must be later than from")
        return nil
      }
      return .window(from: from, to: to)
    }
  }

  /// What only all parts together show: a schedule that never comes due.
  private func check(_ spec: ScheduleSpec, _ mark: SourceMark, _ path: String) -> Bool {
    do throws(CronError) {
      _ = try spec.compiled(job: job, zones: zones.zone)
      return true
    } catch {
      findings.add(mark, path, "\(error)")
      return false
    }
  }
}
