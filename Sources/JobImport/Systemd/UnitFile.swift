/// A unit file as systemd.syntax(7) has it: what is set, in order.
struct UnitFile: Hashable, Sendable {
  struct Setting: Hashable, Sendable {
    var section: String
    var key: String
    var value: String
    /// Of the line it begins on, from 1.
    var line: Int
  }

  let path: String
  private(set) var settings: [Setting] = []

  /// Lines that are no setting, with their numbers.
  private(set) var strange: [(line: Int, text: String)] = []

  /// Its file's name.
  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  init(_ text: String, path: String) {
    self.path = path
    var section = ""
    var pending: (text: String, line: Int)?
    for (place, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" })
      .enumerated()
    {
      let line = Self.trimmed(raw)
      // Comments may stand between the lines of one setting.
      if line.hasPrefix("#") || line.hasPrefix(";") { continue }
      var whole = pending ?? ("", place + 1)
      whole.text += line
      pending = nil
      if whole.text.hasSuffix("\\") {
        pending = (whole.text.dropLast() + " ", whole.line)
        continue
      }
      take(whole.text, whole.line, &section)
    }
    if let pending { take(pending.text, pending.line, &section) }
  }

  static func == (left: UnitFile, right: UnitFile) -> Bool { left.path == right.path && left.settings == right.settings }

  func hash(into hasher: inout Hasher) {
    hasher.combine(path)
    hasher.combine(settings)
  }

  private mutating func take(_ line: String, _ number: Int, _ section: inout String) {
    let line = Self.trimmed(line[...])
    if line.isEmpty { return }
    if line.hasPrefix("["), line.hasSuffix("]") {
      section = String(line.dropFirst().dropLast())
    } else if let sign = line.firstIndex(of: "=") {
      settings.append(
        Setting(
          section: section, key: String(Self.trimmed(line[..<sign])),
          value: String(Self.trimmed(line[line.index(after: sign)...])),
          line: number))
    } else {
      strange.append((number, line))
    }
  }

  /// The values of a key, in order; an empty one takes all before it back.
  func all(_ section: String, _ key: String) -> [Setting] {
    settings.filter { $0.section == section && $0.key == key }.reduce(into: []) { values, setting in
      if setting.value.isEmpty { values = [] } else { values.append(setting) }
    }
  }

  /// The last value of a key.
  func last(_ section: String, _ key: String) -> Setting? { all(section, key).last }

  /// `yes`, `true`, `on`, `1`.
  func flag(_ section: String, _ key: String) -> Bool {
    ["1", "yes", "y", "true", "t", "on"].contains(last(section, key)?.value.lowercased() ?? "")
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
