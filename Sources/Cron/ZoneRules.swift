/// The offsets of a time zone from UTC over all times. A value of one reference: copies share the table; load a zone once and
/// hand it to every schedule in it.
public struct ZoneRules: Sendable {
  /// The name that it was loaded by: `Europe/Berlin`.
  public var identifier: String { table.identifier }
  let table: ZoneTable

  init(_ table: ZoneTable) { self.table = table }

  /// Coordinated Universal Time.
  public static let utc = ZoneRules(ZoneTable(identifier: "UTC", firstOffset: 0, changes: []))

  /// Reads a zone from the machine's compiled zone data (tzdata).
  ///
  /// - Parameters:
  ///   - identifier: an IANA name, upper and lower case as in the list: `Europe/Berlin`.
  ///   - folder: where the data are.
  /// - Throws: `unknownZone` where the folder has no such file, `unreadableZone` where it is no zone data.
  public static func load(_ identifier: String, folder: String = "/usr/share/zoneinfo") throws(CronError) -> ZoneRules {
    let isName =
      !identifier.isEmpty
      && identifier.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
        !part.isEmpty && part.first != "." && part.utf8.allSatisfy(isNameByte)
      }
    guard isName, let bytes = try ZoneFile.read(folder + "/" + identifier) else {
      if identifier == "UTC" { return utc }
      throw CronError(
        code: .unknownZone,
        message: "there is no zone \"\(identifier)\" in \(folder); write an IANA name such as Europe/Berlin "
          + "(`timedatectl list-timezones` lists them), and see that the package tzdata is installed")
    }
    return try make(identifier, from: bytes, path: folder + "/" + identifier)
  }

  static func make(_ identifier: String, from bytes: [UInt8], path: String) throws(CronError) -> ZoneRules {
    let file = try TZif(bytes, path: path)
    var changes = file.changes
    if !file.footer.isEmpty {
      guard let rule = PosixRule(file.footer) else {
        throw CronError(
          code: .unreadableZone, message: "\(path) cannot be read as zone data: its last rule, \"\(file.footer)\", is none")
      }
      let last = changes.last?.second ?? .min
      let firstYear =
        changes.isEmpty ? 1969 : LocalTime(ordinal: min(max(last, ZoneTable.firstSecond), ZoneTable.horizon)).year - 1
      if firstYear <= ZoneTable.lastYear {
        changes += rule.changes(in: firstYear...ZoneTable.lastYear).filter { $0.second > last }
      }
      if changes.isEmpty { return ZoneRules(ZoneTable(identifier: identifier, firstOffset: rule.standard, changes: [])) }
    }
    return ZoneRules(ZoneTable(identifier: identifier, firstOffset: file.firstOffset, changes: changes))
  }

  /// A zone of one POSIX rule, `CET-1CEST,M3.5.0,M10.5.0/3`, as TZ may hold it; nil where the text is none.
  static func posix(_ text: String) -> ZoneRules? {
    guard let rule = PosixRule(text) else { return nil }
    return ZoneRules(
      ZoneTable(
        identifier: text, firstOffset: rule.standard, changes: rule.changes(in: 1969...ZoneTable.lastYear)))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
    default: false
    }
  }
}

extension ZoneRules: Hashable {
  public static func == (left: Self, right: Self) -> Bool {
    left.table === right.table || left.table.isSame(as: right.table)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(identifier) }
}
