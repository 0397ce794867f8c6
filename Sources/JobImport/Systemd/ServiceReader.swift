/// Turns a service into the configuration of the plugin `command`.
struct ServiceReader {
  private let unit: UnitFile
  private(set) var notes: [ImportNote] = []

  init(_ unit: UnitFile) { self.unit = unit }

  var summary: String? { unit.last("Unit", "Description")?.value }

  /// Unless it says `NoNewPrivileges=yes`, which a job is by itself.
  var mayGainPrivileges: Bool { !unit.flag("Service", "NoNewPrivileges") }

  private mutating func note(_ line: Int, _ message: String, isBroken: Bool = false) {
    notes.append(ImportNote(file: unit.path, line: line, isBroken: isBroken, message: message))
  }

  private func last(_ key: String) -> UnitFile.Setting? { unit.last("Service", key) }

  /// Settings that are carried over, or change nothing for a job.
  private static let carried: Set = [
    "Type", "ExecStart", "ExecStartPre", "Environment", "EnvironmentFile", "User", "Group", "WorkingDirectory", "UMask",
    "TimeoutStartSec",
    "TimeoutSec", "RuntimeMaxSec", "TimeoutStopSec", "SuccessExitStatus", "KillMode", "StandardInput", "StandardOutput",
    "StandardError", "SyslogIdentifier", "RemainAfterExit", "NoNewPrivileges",
  ]

  mutating func config() -> [YAMLText.Entry] {
    for (line, text) in unit.strange { note(line, "\"\(text)\" is no setting", isBroken: true) }
    let environment = environment()
    let surroundings = ExecLine.Surroundings(
      unit: unit.name, environment: Dictionary(environment, uniquingKeysWith: { $1 }), hasMore: !environmentFiles.isEmpty)
    let commands = commands(surroundings)
    var config: [YAMLText.Entry] = []
    let user = resolved(last("User")) ?? "root"
    let isMixed = user != "root" && commands.contains(where: \.isPrivileged) && !commands.allSatisfy(\.isPrivileged)
    if commands.count == 1 {
      config.append(.init("command", .list(commands[0].words.map { .text($0) })))
    } else if !commands.isEmpty {
      // As systemd: one after the other, and no further than the first that fails.
      let lines = commands.map { command in
        (isMixed && !command.isPrivileged ? "runuser -u \(user) -- " : "") + command.shellText
          + (command.ignoresFailure ? " || true" : "")
      }
      config.append(.init("shell", .plain("true")))
      config.append(.init("command", .text((["set -e"] + lines).joined(separator: "\n"))))
    }
    if let setting = last("User"), user != "root", commands.contains(where: \.isPrivileged) {
      note(
        setting.line,
        "\"+\" and \"!\" before a program ask for all rights: the job is root's"
          + (isMixed ? ", and runs the other programs as \(user) by runuser" : ""))
      config.append(.init("user", .text("root")))
    } else {
      config.append(.init("user", .text(user)))
      if let group = resolved(last("Group")) { config.append(.init("group", .text(group))) }
    }
    config.append(.init("directory", .text(directory())))
    if let mask = last("UMask") { config.append(.init("umask", .text(String(mask.value.suffix(3))))) }
    if !environment.isEmpty {
      config.append(.init("environment", .map(environment.map { .init($0.0, .text($0.1)) })))
    }
    config += limits()
    config += outcomes(ignoresFailure: commands.count == 1 && commands[0].ignoresFailure)
    noteTheRest()
    return config
  }

  private mutating func commands(_ surroundings: ExecLine.Surroundings) -> [ExecLine] {
    var commands: [ExecLine] = []
    let starts = unit.all("Service", "ExecStart")
    if starts.isEmpty { note(1, "it has no ExecStart=", isBroken: true) }
    for setting in unit.all("Service", "ExecStartPre") + starts {
      do throws(ImportError) {
        let lines = try ExecLine.parse(setting.value, surroundings)
        if lines.contains(where: \.hasOwnName) {
          note(setting.line, "\"@\": the program is called by its path, not by another name")
        }
        commands += lines
      } catch {
        note(setting.line, "\(setting.key) \(error.message)", isBroken: true)
      }
    }
    if commands.count > 1, let first = starts.first {
      note(first.line, "several commands became one text for a shell, which ends with the first that fails")
    }
    return commands
  }

  private mutating func environment() -> [(String, String)] {
    var environment: [(String, String)] = []
    for setting in unit.all("Service", "Environment") {
      do throws(ImportError) {
        for word in try ExecLine.split(setting.value) {
          let word = try Specifiers.replaced(in: word, unit: unit.name)
          guard let sign = word.firstIndex(of: "=") else { throw ImportError("\"\(word)\" is no NAME=value") }
          let name = String(word[..<sign])
          environment.removeAll { $0.0 == name }
          environment.append((name, String(word[word.index(after: sign)...])))
        }
      } catch {
        note(setting.line, "Environment: \(error.message)", isBroken: true)
      }
    }
    for setting in environmentFiles {
      note(setting.line, "EnvironmentFile=\(setting.value) is not carried over: copy what it sets into config.environment")
    }
    return environment
  }

  private var environmentFiles: [UnitFile.Setting] { unit.all("Service", "EnvironmentFile") }

  private mutating func resolved(_ setting: UnitFile.Setting?) -> String? {
    guard let setting else { return nil }
    do throws(ImportError) { return try Specifiers.replaced(in: setting.value, unit: unit.name) } catch {
      note(setting.line, "\(setting.key) \(error.message)", isBroken: true)
      return nil
    }
  }

  private mutating func directory() -> String {
    guard let setting = last("WorkingDirectory"), let value = resolved(setting) else { return "/" }
    if value.hasPrefix("-") {
      note(setting.line, "\"-\": a missing working directory makes the job wait, and is not passed over")
    }
    let path = value.hasPrefix("-") ? String(value.dropFirst()) : value
    guard path.hasPrefix("/") else {
      note(setting.line, "WorkingDirectory=\(value) is not carried over: write the home directory out", isBroken: true)
      return "/"
    }
    return path
  }

  /// How long it may run, and how it is ended.
  private mutating func limits() -> [YAMLText.Entry] {
    var entries: [YAMLText.Entry] = []
    let isOneshot = last("Type")?.value == "oneshot"
    // The start of a oneshot service is all of it; that of another is over before its work begins.
    let timeout = isOneshot ? last("TimeoutStartSec") ?? last("TimeoutSec") : last("RuntimeMaxSec")
    for (key, setting) in [("timeout", timeout), ("grace", last("TimeoutStopSec"))] {
      guard let setting else { continue }
      do throws(ImportError) {
        if let text = try TimeSpan.jobText(setting.value), text != "0" { entries.append(.init(key, .text(text))) }
      } catch {
        note(setting.line, "\(setting.key): \(error.message)", isBroken: true)
      }
    }
    if let type = last("Type"), ["forking", "notify", "notify-reload", "dbus"].contains(type.value) {
      note(type.line, "Type=\(type.value): a job has ended when its program has; let the program stay in the foreground")
    }
    if let mode = last("KillMode"), mode.value == "process" || mode.value == "none" {
      entries.append(.init("background", .text("leave"), comment: "KillMode=\(mode.value)"))
    }
    return entries
  }

  private mutating func outcomes(ignoresFailure: Bool) -> [YAMLText.Entry] {
    var rules: [YAMLText.Entry] = []
    var codes: [YAMLText] = [.plain("0")]
    if let setting = last("SuccessExitStatus") {
      for word in unit.all("Service", "SuccessExitStatus").flatMap({ $0.value.split(separator: " ") }) {
        if let code = Int(word) ?? Self.exitNames[String(word)], (0...255).contains(code) {
          codes.append(.plain("\(code)"))
        } else {
          note(setting.line, "SuccessExitStatus=\(word) is not carried over: only numbers and the names of sysexits.h are")
        }
      }
      if codes.count > 1 { rules.append(.init("succeeded", .list(codes))) }
    }
    if ignoresFailure { rules += [.init("other", .text("succeeded")), .init("signal", .text("succeeded"))] }
    guard !rules.isEmpty else { return [] }
    return [.init("outcomes", .map(rules), comment: ignoresFailure ? "\"-\": however it ends" : nil)]
  }

  private static let exitNames = [
    "USAGE": 64, "DATAERR": 65, "NOINPUT": 66, "NOUSER": 67, "NOHOST": 68, "UNAVAILABLE": 69, "SOFTWARE": 70, "OSERR": 71,
    "OSFILE": 72, "CANTCREAT": 73, "IOERR": 74, "TEMPFAIL": 75, "PROTOCOL": 76, "NOPERM": 77, "CONFIG": 78,
  ]

  private mutating func noteTheRest() {
    for setting in unit.settings where !setting.value.isEmpty {
      switch setting.section {
      case "Service" where !Self.carried.contains(setting.key):
        note(setting.line, "\(setting.key)=\(setting.value) is not carried over")
      case "Unit" where UnitKeys.matters(setting):
        note(setting.line, "\(setting.key)=\(setting.value) is not carried over")
      case "Service" where setting.key.hasPrefix("Standard") && !Self.isLog(setting.value):
        note(setting.line, "\(setting.key)=\(setting.value) is not carried over: output goes into the run's log")
      default: break
      }
    }
  }

  private static func isLog(_ value: String) -> Bool {
    ["null", "inherit", "journal", "journal+console", "syslog", "kmsg"].contains(value)
  }
}
