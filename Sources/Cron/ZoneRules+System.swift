import Glibc

extension ZoneRules {
  /// The machine's own zone, by its IANA name where it can be known.
  ///
  /// The environment's TZ decides (a name, a path, or a POSIX rule); then where `/etc/localtime` leads, which is what the C library
  /// goes by; where that is a copy, the name in `/etc/timezone` if it means the same; then `/etc/localtime` without a name; and
  /// UTC where there is none of these.
  /// - Throws: `unknownZone` where TZ names none, `unreadableZone`.
  public static func system() throws(CronError) -> ZoneRules {
    try system(environment: getenv("TZ").map { String(cString: $0) }, etc: "/etc", folder: "/usr/share/zoneinfo")
  }

  static func system(environment: String?, etc: String, folder: String) throws(CronError) -> ZoneRules {
    if let environment { return try named(environment, folder: folder) }
    let localtime = etc + "/localtime"
    if let target = ZoneFile.linkTarget(localtime), let name = name(in: target) {
      if let zone = try? load(name, folder: folder) { return zone }
    }
    let bytes = try ZoneFile.read(localtime)
    if let text = try ZoneFile.read(etc + "/timezone") {
      let name = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
      if let zone = try? load(name, folder: folder) {
        guard let bytes else { return zone }
        if try make(name, from: bytes, path: localtime) == zone { return zone }
      }
    }
    guard let bytes else { return utc }
    return try make("localtime", from: bytes, path: localtime)
  }

  /// TZ as the C library reads it.
  private static func named(_ environment: String, folder: String) throws(CronError) -> ZoneRules {
    let text = environment.first == ":" ? String(environment.dropFirst()) : environment
    if text.isEmpty { return utc }
    if text.first == "/" {
      guard let bytes = try ZoneFile.read(text) else {
        throw CronError(code: .unknownZone, message: "TZ is \(text), and there is no such file; unset it, or name a zone")
      }
      return try make(name(in: text) ?? text, from: bytes, path: text)
    }
    do {
      return try load(text, folder: folder)
    } catch {
      if let zone = posix(text) { return zone }
      throw CronError(code: error.code, message: "TZ is \"\(text)\": \(error.message)")
    }
  }

  /// The zone's name in a path such as `../usr/share/zoneinfo/Europe/Berlin`.
  private static func name(in path: String) -> String? {
    path.split(separator: "/zoneinfo/", maxSplits: 1).count == 2
      ? path.split(separator: "/zoneinfo/", maxSplits: 1).last.map(String.init) : nil
  }
}
