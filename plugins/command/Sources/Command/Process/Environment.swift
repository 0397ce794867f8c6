import Glibc

/// What a command finds in its environment: nothing of this process's own but what is asked for.
struct Environment {
  /// As on a fresh login; cron's own is `/usr/bin:/bin`.
  static let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  private var values: [String: [UInt8]] = [:]

  /// - Parameter entry: the user that the command runs as.
  init(_ config: CommandConfig, entry: PasswordEntry) {
    set("PATH", Self.path)
    set("HOME", entry.home)
    set("USER", entry.name)
    set("LOGNAME", entry.name)
    set("SHELL", entry.shell.isEmpty ? "/bin/sh" : entry.shell)
    set("LANG", Self.own("LANG") ?? "C.UTF-8")
    for pattern in config.inherit {
      for (name, value) in Self.all where Self.matches(name, pattern) { set(name, value) }
    }
    for (name, value) in config.environment { set(name, value) }
  }

  mutating func set(_ name: String, _ value: String) { values[name] = Array(value.utf8) }

  /// Leaves out what no variable can hold.
  mutating func set(_ name: String, bytes: [UInt8]) {
    if !bytes.contains(0) { values[name] = bytes }
  }

  func value(_ name: String) -> String? { values[name].map { String(decoding: $0, as: UTF8.self) } }

  /// `NAME=value` each, sorted.
  var entries: [[UInt8]] {
    values.sorted { $0.key < $1.key }.map { Array("\($0.key)=".utf8) + $0.value }
  }

  /// A name, or the beginning of one with a `*` behind it.
  private static func matches(_ name: String, _ pattern: String) -> Bool {
    pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
  }

  private static func own(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  private static var all: [(String, String)] {
    var entries: [(String, String)] = []
    var place = environ
    while let entry = place.pointee {
      let text = String(cString: entry)
      if let sign = text.firstIndex(of: "=") {
        entries.append((String(text[..<sign]), String(text[text.index(after: sign)...])))
      }
      place += 1
    }
    return entries
  }
}
