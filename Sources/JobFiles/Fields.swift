import JobModel

/// One mapping of a job file while it is read: hands out its values by key and notes each that is not as it must be. Every
/// getter returns nil both for a key that is not there and for one that was noted.
struct Fields {
  /// The mapping's dotted path; empty for the document.
  let path: String
  let mark: SourceMark
  let findings: FindingLog
  private let members: [String: YAMLNode.Member]

  /// Notes every key that is not among `known`.
  init?(_ node: YAMLNode, path: String, known: [String], findings: FindingLog) {
    guard case .mapping(let members) = node.content else {
      findings.add(node.mark, path, "must be a mapping of keys to values, is \(node.kind)")
      return nil
    }
    self.path = path
    self.mark = node.mark
    self.findings = findings
    self.members = Dictionary(members.map { ($0.key, $0) }) { first, _ in first }
    for member in members where !known.contains(member.key) {
      let name = path.isEmpty ? member.key : "\(path).\(member.key)"
      findings.add(member.keyMark, name, Self.unknown(member.key, path: path, known: known))
    }
  }

  private static func unknown(_ key: String, path: String, known: [String]) -> String {
    if path.isEmpty, key == "cron" { return "unknown key; write schedule: \"…\", or cron under schedules" }
    let suggestion = known.nearest(to: key).map { "did you mean \"\($0)\"?" } ?? "known here: \(known.joined(separator: ", "))"
    return "unknown key; \(suggestion)"
  }

  func name(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
  func note(_ key: String, _ message: String) { findings.add(members[key]?.value.mark ?? mark, name(of: key), message) }
  func keyMark(of key: String) -> SourceMark? { members[key]?.keyMark }

  /// The value; one that is empty is noted.
  func node(_ key: String) -> YAMLNode? {
    guard let member = members[key] else { return nil }
    if member.value.isEmpty {
      findings.add(member.keyMark, name(of: key), "has no value: give it one, or remove the key")
      return nil
    }
    return member.value
  }

  func fields(_ key: String, known: [String]) -> Fields? {
    node(key).flatMap { Fields($0, path: name(of: key), known: known, findings: findings) }
  }

  /// Any scalar, as it was written.
  func text(_ key: String) -> String? {
    guard let node = node(key) else { return nil }
    guard let text = node.scalarText else {
      note(key, "must be text, is \(node.kind)")
      return nil
    }
    return text
  }

  func boolean(_ key: String) -> Bool? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, let isPlain) = node.content, case .bool(let value) = YAMLScalar(text, isPlain: isPlain) else {
      note(key, "must be true or false, is \(described(node))")
      return nil
    }
    return value
  }

  func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let text, let isPlain) = node.content, case .int(let value) = YAMLScalar(text, isPlain: isPlain) else {
      note(key, "must be a whole number, \(range.lowerBound) to \(range.upperBound), is \(described(node))")
      return nil
    }
    guard let number = Int(exactly: value), range.contains(number) else {
      note(key, "must be \(range.lowerBound) to \(range.upperBound), is \(value)")
      return nil
    }
    return number
  }

  func duration(_ key: String, in range: ClosedRange<Duration>) -> Duration? {
    guard let node = node(key) else { return nil }
    guard let text = node.scalarText, let duration = DurationText.parse(text) else {
      let hint =
        node.kind == "a number" && node.scalarText != nil ? ": which unit? write \(node.scalarText ?? "")s for seconds" : ""
      note(key, "must be a duration as 90s, 5m, 1h30m or 250ms, is \(described(node))\(hint)")
      return nil
    }
    guard range.contains(duration) else {
      note(
        key,
        "must be \(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound)), is \(text)")
      return nil
    }
    return duration
  }

  /// A size in whole MiB, rounded up.
  func mebibytes(_ key: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(key) else { return nil }
    guard let text = node.scalarText, let bytes = SizeText.parse(text) else {
      note(key, "must be a size as 512MiB or 2GiB, is \(described(node))")
      return nil
    }
    let mebibytes = Int((bytes + 1_048_575) / 1_048_576)
    guard range.contains(mebibytes) else {
      note(key, "must be \(range.lowerBound) to \(range.upperBound) MiB, is \(text)")
      return nil
    }
    return mebibytes
  }

  func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let text = text(key) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let names = Choice.allCases.map(\.rawValue)
    let suggestion = names.nearest(to: text).map { "; did you mean \"\($0)\"?" } ?? ""
    note(key, "must be \(names.joined(separator: ", ")), is \"\(text)\"\(suggestion)")
    return nil
  }

  func described(_ node: YAMLNode) -> String {
    guard let text = node.scalarText else { return node.kind }
    return "\"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
  }
}
