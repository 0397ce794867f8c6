@testable import Cron
import Foundation
import Testing

@Suite struct ZoneTests {
  private static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/\(name)")))
  }

  @Test(arguments: ["Europe/Atlantis", "", "../../etc/passwd", "/etc/localtime", "Europe/", "europe//berlin", "Europe"])
  func `an unknown zone says what to write`(name: String) {
    do throws(CronError) {
      _ = try ZoneRules.load(name)
      Issue.record("\(name) was found")
    } catch {
      #expect([.unknownZone, .unreadableZone].contains(error.code))
    }
  }

  @Test func `other files are no zones`() {
    for name in ["tzdata.zi", "zone.tab", "leapseconds"] {
      #expect(throws: CronError.self) { try ZoneRules.load(name) }
    }
  }

  @Test func `cut or changed data are refused or read, never trapped over`() throws {
    let whole = try Self.bytes("Europe/Berlin")
    for count in 0..<whole.count { #expect(throws: CronError.self) { try TZif(Array(whole[..<count]), path: "x") } }
    for index in whole.indices {
      for change in [0x00, 0x7f, 0x80, 0xff] as [UInt8] {
        var broken = whole
        broken[index] = change
        _ = try? ZoneRules.make("x", from: broken, path: "x")
      }
    }
  }

  @Test func `version 1 has no rule for the future`() throws {
    let whole = try Self.bytes("Europe/Berlin")
    var first = whole
    first[4] = 0
    let zone = try ZoneRules.make("x", from: first, path: "x")
    let berlin = try ZoneRules.load("Europe/Berlin")
    let july = LocalTime(year: 2030, month: 7, day: 1).ordinal
    // Debian's data go on to 2037 in both forms.
    #expect(zone.offset(at: july) == berlin.offset(at: july))
    #expect(zone.transition(after: LocalTime(year: 2040, month: 1, day: 1).ordinal) == nil)
    #expect(
      berlin.transition(after: LocalTime(year: 2100, month: 1, day: 1).ordinal)
        == LocalTime(year: 2100, month: 3, day: 28, hour: 1).ordinal)
  }

  @Test(arguments: [
    ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01 12:00", 7_200), ("CET-1CEST,M3.5.0,M10.5.0/3", "2026-12-01 12:00", 3_600),
    ("<+0330>-3:30", "2026-07-01 12:00", 12_600), ("EST5EDT", "2026-07-01 12:00", -14_400),
    // Daylight saving time all the year, over each new year.
    ("XXX3EDT4,0/0,J365/23", "2026-01-01 00:00", -14_400), ("XXX3EDT4,0/0,J365/23", "2026-12-31 23:59", -14_400),
    // Negative daylight saving time: winter time in Ireland.
    ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-01-10 12:00", 0), ("IST-1GMT0,M10.5.0,M3.5.0/1", "2026-07-10 12:00", 3_600),
    // Godthab until 2023: the change at 22:00 of the day before, by hours below zero.
    ("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-29 00:59", -10_800),
    ("<-03>3<-02>,M3.5.0/-2,M10.5.0/-1", "2026-03-29 01:00", -7_200),
  ]) func `a POSIX rule`(rule: String, at: String, offset: Int) throws {
    let zone = try #require(ZoneRules.posix(rule))
    #expect(try zone.offset(at: LocalTime(at).ordinal) == offset)
  }

  @Test(arguments: [
    "", "X", "CET", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/168", "CET-25", "<CET-1",
  ])
  func `no POSIX rule`(text: String) { #expect(ZoneRules.posix(text) == nil) }

  @Test func `a time on the wall comes once, twice or never`() throws {
    let berlin = try ZoneRules.load("Europe/Berlin")
    let gap = try LocalTime("2026-03-29 01:00").ordinal
    #expect(try berlin.reading(of: LocalTime("2026-03-29 02:30")) == .never(at: gap))
    #expect(try berlin.reading(of: LocalTime("2026-03-29 03:00")) == .once(gap))
    let fold = try LocalTime("2026-10-25 00:30").ordinal
    #expect(try berlin.reading(of: LocalTime("2026-10-25 02:30")) == .twice(first: fold, second: fold + 3_600))
    let apia = try ZoneRules.load("Pacific/Apia")
    let line = try LocalTime("2011-12-30 10:00").ordinal
    #expect(try apia.reading(of: LocalTime("2011-12-30 12:00")) == .never(at: line))
    #expect(ZoneRules.utc.second(of: LocalTime(ordinal: 5)) == 5)
  }

  @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "2026-01-01 24:00", "2026-01-01  1:00", "2026/01/01", "20260101"])
  func `a bad local time says how to write it`(text: String) {
    do throws(CronError) {
      _ = try LocalTime(text)
      Issue.record("read")
    } catch {
      #expect(error.code == .badLocalTime && error.message.contains("2026-12-24 18:30"))
    }
  }

  @Test func `the machine's zone has its name`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cron-zone-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let zoneinfo = "/usr/share/zoneinfo"
    func system(_ environment: String? = nil) throws -> String {
      try ZoneRules.system(environment: environment, etc: folder, folder: zoneinfo).identifier
    }
    #expect(try system() == "UTC")
    try Data("Asia/Tokyo\n".utf8).write(to: URL(filePath: folder + "/timezone"))
    #expect(try system() == "Asia/Tokyo")
    try Data(Self.bytes("Asia/Tokyo")).write(to: URL(filePath: folder + "/localtime"))
    #expect(try system() == "Asia/Tokyo")
    // A name that means something else than the clock shows is not believed.
    try Data("Europe/Berlin\n".utf8).write(to: URL(filePath: folder + "/timezone"))
    #expect(try system() == "localtime")
    try FileManager.default.removeItem(atPath: folder + "/localtime")
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/localtime", withDestinationPath: "../usr/share/zoneinfo/America/New_York")
    #expect(try system() == "America/New_York")
    #expect(try system("Europe/Paris") == "Europe/Paris")
    #expect(try system(":Europe/Paris") == "Europe/Paris")
    #expect(try system("/usr/share/zoneinfo/Europe/Paris") == "Europe/Paris")
    #expect(try system("CET-1CEST,M3.5.0,M10.5.0/3") == "CET-1CEST,M3.5.0,M10.5.0/3")
    #expect(try system("") == "UTC")
    #expect(throws: CronError.self) { try system("Nowhere/Atall") }
    #expect(try !ZoneRules.system().identifier.isEmpty)
  }
}
