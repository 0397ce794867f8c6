import Cron
import JobModel

/// Reads one document as a job, noting everything that is wrong with it.
struct JobDecoder {
  static let keys = [
    "name", "summary", "plugin", "config", "priority", "workers", "concurrency", "rate_limit", "retry", "timeouts",
    "failure_budget", "unique", "breaker", "limits", "schedule", "schedules", "catch_up", "overlap", "after_pause",
  ]
  /// Words that follow `carillon run` with a meaning of their own.
  static let reservedNames: Set = ["show", "job", "help"]

  let file: String
  let findings: FindingLog
  let zones: ZoneCache

  /// The job; nil when anything was noted.
  func job(_ document: YAMLNode) -> JobFile? {
    findings.job = document.jobName
    let before = findings.findings.count
    if document.isEmpty {
      findings.add(document.mark, "", "the document is empty: a job needs name and plugin")
      return nil
    }
    guard let fields = Fields(document, path: "", known: Self.keys, findings: findings) else { return nil }
    let name = name(fields)
    let plugin = plugin(fields)
    var definition = JobDefinition(name: name ?? "", plugin: plugin ?? "")
    readBasics(of: &definition, fields)
    readPolicies(of: &definition, fields)
    readSchedules(of: &definition, fields)
    let config = config(fields)
    if let config { definition.config = config.value }
    guard findings.findings.count == before, let nameMark = fields.node("name")?.mark,
      let pluginMark = fields.node("plugin")?.mark
    else { return nil }
    return JobFile(
      path: file, nameMark: nameMark, pluginMark: pluginMark, definition: definition,
      config: config?.node ?? YAMLNode(mark: fields.mark, content: .mapping([])),
      configMark: fields.keyMark(of: "config") ?? fields.mark)
  }

  private func name(_ fields: Fields) -> String? {
    guard fields.keyMark(of: "name") != nil else {
      findings.add(fields.mark, "name", "is missing: every job needs a name")
      return nil
    }
    guard let name = fields.text("name") else { return nil }
    let isWord = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard isWord, name.first != "-", (1...64).contains(name.utf8.count) else {
      fields.note("name", "must be 1 to 64 lower-case letters, digits and hyphens, the first no hyphen, is \"\(name)\"")
      return nil
    }
    guard !Self.reservedNames.contains(name) else {
      fields.note("name", "\"\(name)\" means something else in \"carillon run \(name)\"; choose another")
      return nil
    }
    return name
  }

  private func plugin(_ fields: Fields) -> String? {
    guard fields.keyMark(of: "plugin") != nil else {
      findings.add(fields.mark, "plugin", "is missing: name the plugin that does the work")
      return nil
    }
    guard let plugin = fields.text("plugin") else { return nil }
    guard !plugin.isEmpty, plugin.utf8.count <= 4_096 else {
      fields.note("plugin", "must be a plugin's name or the path of its library")
      return nil
    }
    return plugin
  }

  private func readBasics(of job: inout JobDefinition, _ fields: Fields) {
    if let summary = fields.text("summary") { job.summary = summary }
    if let priority = fields.integer("priority", in: -1_000...1_000) { job.priority = priority }
    job.workers = fields.integer("workers", in: 1...256)
    job.concurrency = fields.integer("concurrency", in: 1...1_000_000)
  }

  private func config(_ fields: Fields) -> (node: YAMLNode, value: JSONValue)? {
    guard let node = fields.node("config") else { return nil }
    guard case .mapping = node.content else {
      fields.note("config", "must be a mapping of keys to values, is \(node.kind)")
      return nil
    }
    return node.json(path: "config", findings: findings).map { (node, $0) }
  }
}

extension YAMLNode {
  /// What stands under `name`, right or wrong; nil when nothing does.
  fileprivate var jobName: String? {
    guard case .mapping(let members) = content else { return nil }
    return members.first { $0.key == "name" }?.value.scalarText
  }

  /// The value as JSON; nil, and findings, where JSON cannot say it.
  func json(path: String, findings: FindingLog) -> JSONValue? {
    switch content {
    case .scalar(let text, let isPlain):
      switch YAMLScalar(text, isPlain: isPlain) {
      case .null: return .null
      case .bool(let value): return .bool(value)
      case .int(let value): return .int(value)
      case .double(let value): return .double(value)
      case .text(let value): return .string(value)
      case .invalid(let message):
        findings.add(mark, path, message)
        return nil
      }
    case .sequence(let items):
      let values = items.enumerated().map { $1.json(path: "\(path)[\($0)]", findings: findings) }
      return values.contains(nil) ? nil : .array(values.compactMap { $0 })
    case .mapping(let members):
      var object: [String: JSONValue] = [:]
      var isWhole = true
      for member in members {
        let value = member.value.json(path: "\(path).\(member.key)", findings: findings)
        isWhole = isWhole && value != nil
        object[member.key] = value
      }
      return isWhole ? .object(object) : nil
    }
  }
}
