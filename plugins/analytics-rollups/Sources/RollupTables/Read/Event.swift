/// One event, as small as it may be while many are in memory.
struct Event {
  /// Microseconds since 1970, UTC.
  var atUs: Int64
  /// Of the event's id, or of the whole line where it has none.
  var idHigh: UInt64
  var idLow: UInt64
  /// Of the session's id; 0: none.
  var session: UInt64
  var cents: Int64
  /// Into the types of a part, and in a fold into those of all parts.
  var type: UInt32
  /// One more than the country's number; 0: none.
  var country: UInt32
  /// While a part is read: the user's number.
  var user: UInt32
  /// Where the id's text begins in a part's or fold's bytes, plus one; 0: it was not kept.
  var idText: UInt32

  /// The order in which events of one user are judged. Whole: two that are equal in it are equal in all that counts, so of
  /// several with one id the first is always the same.
  @inline(__always)
  static func precedes(_ a: Event, _ b: Event) -> Bool {
    if a.atUs != b.atUs { return a.atUs < b.atUs }
    if a.idHigh != b.idHigh { return a.idHigh < b.idHigh }
    if a.idLow != b.idLow { return a.idLow < b.idLow }
    if a.type != b.type { return a.type < b.type }
    if a.session != b.session { return a.session < b.session }
    if a.cents != b.cents { return a.cents < b.cents }
    return a.country < b.country
  }
}

/// Types that have columns of their own; all others are counted as events alone.
enum EventType {
  static let pageView: UInt32 = 0
  static let click: UInt32 = 1
  static let purchase: UInt32 = 2
  static let signup: UInt32 = 3
  static let names = ["page_view", "click", "purchase", "signup"]
}
