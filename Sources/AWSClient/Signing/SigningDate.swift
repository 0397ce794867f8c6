/// An instant as Signature Version 4 writes it.
package struct SigningDate: Hashable, Sendable {
  /// `20260131T235959Z`
  package let timestamp: String
  /// `20260131`
  package var day: String { String(timestamp.prefix(8)) }

  /// From seconds since 1970, UTC.
  package init(secondsSince1970 seconds: Int) {
    let date = CivilDate(secondsSince1970: seconds)
    func padded(_ value: Int, _ width: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    timestamp =
      padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) + "T" + padded(date.hour, 2)
      + padded(date.minute, 2) + padded(date.second, 2) + "Z"
  }
}
