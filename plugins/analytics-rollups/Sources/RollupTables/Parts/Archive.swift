/// Raw events by the hour that they were in, UTC: `YYYY/MM/DD/HH/NAME.ndjson.gz`.
package struct Archive: Sendable {
  package let folder: String

  package init(_ folder: String) { self.folder = folder }

  func writer(of name: String) -> ArchiveWriter { ArchiveWriter(self, name) }

  static let suffix = ".ndjson.gz"

  /// The folder of an hour, given in hours since 1970.
  func folder(of hour: Int64) -> String {
    let date = CivilDay(Int(hour / 24))
    return "\(folder)/\(date.year)/\(CivilDay.two(date.month))/\(CivilDay.two(date.day))/\(CivilDay.two(Int(hour % 24)))"
  }

  /// Removes the files of the hours before `hour`, and says how many. Other files stay. Throws `system`.
  package func removeHours(before hour: Int64) throws -> Int {
    var removed = 0
    func numbers(_ folder: String) throws -> [(Int, String)] {
      try (SystemFile.names(in: folder) ?? []).compactMap { name in Int(name).map { ($0, "\(folder)/\(name)") } }
    }
    for (year, yearFolder) in try numbers(folder) {
      for (month, monthFolder) in try numbers(yearFolder) {
        for (day, dayFolder) in try numbers(monthFolder) where 1...12 ~= month && 1...31 ~= day {
          let number = Int64(Timestamp.dayNumber(year, month, day))
          for (hourOfDay, hourFolder) in try numbers(dayFolder) where number * 24 + Int64(hourOfDay) < hour {
            for name in try SystemFile.names(in: hourFolder) ?? [] where name.hasSuffix(Self.suffix) {
              try SystemFile.remove("\(hourFolder)/\(name)")
              removed += 1
            }
            SystemFile.removeFolderIfEmpty(hourFolder)
          }
          SystemFile.removeFolderIfEmpty(dayFolder)
        }
        SystemFile.removeFolderIfEmpty(monthFolder)
      }
      SystemFile.removeFolderIfEmpty(yearFolder)
    }
    return removed
  }
}
