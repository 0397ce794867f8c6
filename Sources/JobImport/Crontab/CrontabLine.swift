/// One line of a crontab, as crontab(5) has it.
enum CrontabLine: Hashable {
  case blank
  /// Without `#` and the space behind it.
  case comment(String)
  case setting(name: String, value: String)
  case entry(Entry)

  struct Entry: Hashable {
    /// Five fields with a space between, or `@daily`.
    var schedule: String
    var user: String?
    var command: String
    /// What follows the first `%`, as the command reads it.
    var input: String?
    /// `-` before the fields: cronie's way to keep a line out of the system log.
    var isQuiet = false
    /// A field had a random range, which is now a hashed one.
    var isHashed = false
  }

  /// - Parameter hasUser: the sixth field is a user.
  init(_ line: String, hasUser: Bool) throws(ImportError) {
    let text = line.drop { $0 == " " || $0 == "\t" }
    if text.isEmpty {
      self = .blank
    } else if text.hasPrefix("#") {
      self = .comment(String(text.drop { $0 == "#" }.drop { $0 == " " || $0 == "\t" }))
    } else if let (name, value) = Self.setting(text) {
      self = .setting(name: name, value: value)
    } else {
      self = .entry(try Self.entry(text, hasUser: hasUser))
    }
  }

  /// `NAME = value`; both may be in quotes, the value in those that it begins and ends with.
  private static func setting(_ text: Substring) -> (String, String)? {
    var rest = text
    let name: Substring
    if let quote = rest.first, quote == "\"" || quote == "'" {
      guard let end = rest.dropFirst().firstIndex(of: quote) else { return nil }
      name = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...]
    } else {
      name = rest.prefix { $0 != "=" && $0 != " " && $0 != "\t" }
      rest = rest.dropFirst(name.count)
    }
    rest = rest.drop { $0 == " " || $0 == "\t" }
    guard !name.isEmpty, rest.first == "=" else { return nil }
    var value = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
    while value.last == " " || value.last == "\t" { value = value.dropLast() }
    if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote {
      value = value.dropFirst().dropLast()
    }
    return (String(name), String(value))
  }

  private static func entry(_ text: Substring, hasUser: Bool) throws(ImportError) -> Entry {
    var rest = text
    func word() -> Substring? {
      rest = rest.drop { $0 == " " || $0 == "\t" }
      let word = rest.prefix { $0 != " " && $0 != "\t" }
      rest = rest.dropFirst(word.count)
      return word.isEmpty ? nil : word
    }
    var entry = Entry(schedule: "", command: "")
    if rest.first == "-" {
      entry.isQuiet = true
      rest = rest.dropFirst()
    }
    if rest.first == "@" {
      entry.schedule = try CronFields.nickname(word() ?? "")
    } else {
      var fields: [Substring] = []
      for _ in 0..<5 {
        guard let field = word() else {
          throw ImportError("is no comment, no setting, and no entry: an entry has five fields and a command")
        }
        fields.append(field)
      }
      (entry.schedule, entry.isHashed) = try CronFields.checked(fields)
    }
    if hasUser {
      guard let user = word() else { throw ImportError("has no user and no command behind its fields") }
      entry.user = String(user)
    }
    (entry.command, entry.input) = split(rest.drop { $0 == " " || $0 == "\t" })
    guard !entry.command.isEmpty else {
      throw ImportError(hasUser ? "has no command behind the user \"\(entry.user ?? "")\"" : "has no command behind its fields")
    }
    return entry
  }

  /// Up to the first `%` it is the command; behind it further ones are ends of lines. A backslash takes the meaning of a percent
  /// sign, and in the command of a backslash: so Debian's cron does it.
  private static func split(_ text: Substring) -> (command: String, input: String?) {
    var command = ""
    var rest = text
    var hasInput = false
    while let character = rest.popFirst() {
      if character == "%" {
        hasInput = true
        break
      }
      if character == "\\", let next = rest.first, next == "%" || next == "\\" {
        command.append(next)
        rest.removeFirst()
      } else {
        command.append(character)
      }
    }
    return (command, hasInput ? input(rest) : nil)
  }

  private static func input(_ text: Substring) -> String {
    var input = ""
    var rest = text
    while let character = rest.popFirst() {
      if character == "\\", rest.first == "%" {
        input.append("%")
        rest.removeFirst()
      } else {
        input.append(character == "%" ? "\n" : character)
      }
    }
    return input.isEmpty || input.hasSuffix("\n") ? input : input + "\n"
  }
}
