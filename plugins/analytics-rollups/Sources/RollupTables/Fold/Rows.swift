/// What one user did in an hour or on a day.
struct UserRow {
  /// Where the user's id is in the batch's names.
  var nameStart: UInt32
  var nameCount: UInt32
  /// Seconds or days since 1970.
  var bucket: Int64
  var counts: Counts
  var lastUs: Int64
}

/// What happened in a stretch of time.
struct Counts {
  var events: Int64 = 0
  var pageViews: Int64 = 0
  var clicks: Int64 = 0
  var purchases: Int64 = 0
  var signups: Int64 = 0
  var sessions: Int64 = 0
  /// Sessions with a purchase.
  var converted: Int64 = 0
  var revenueCents: Int64 = 0

  @inline(__always)
  mutating func add(_ event: Event) {
    events += 1
    switch event.type {
    case EventType.pageView: pageViews += 1
    case EventType.click: clicks += 1
    case EventType.purchase:
      purchases += 1
      revenueCents += event.cents
    case EventType.signup: signups += 1
    default: break
    }
  }
}

/// What all users did in a stretch of time.
struct Total {
  var counts = Counts()
  var activeUsers: Int64 = 0
  /// Users with a page view.
  var visitors: Int64 = 0

  mutating func add(_ user: Counts) {
    activeUsers += 1
    if user.pageViews > 0 { visitors += 1 }
    counts.events += user.events
    counts.pageViews += user.pageViews
    counts.clicks += user.clicks
    counts.purchases += user.purchases
    counts.signups += user.signups
    counts.sessions += user.sessions
    counts.converted += user.converted
    counts.revenueCents += user.revenueCents
  }
}

/// Something that a person should look at.
package struct Alert: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    case burst
    case largePurchase = "large_purchase"
    case newCountry = "new_country"

    package var severity: String { self == .burst ? "high" : "medium" }
  }

  package var kind: Kind
  package var user: String
  /// The event that made it one; of a burst the first that was too many.
  package var atUs: Int64
  /// Of a burst the last event that was too many; else as `atUs`.
  package var untilUs: Int64
  /// Of a purchase its event's id; of a new country the country.
  package var detail: String
  /// Of a burst the most events in one window, of a purchase its cents, else 0.
  package var value: Int64
}

/// Rows of some users, in the order of their tables.
struct RowBatch {
  var names: [UInt8] = []
  var hours: [UserRow] = []
  var days: [UserRow] = []
  var alerts: [Alert] = []
}

/// A step of a funnel on a day.
struct FunnelKey: Hashable {
  var funnel: Int
  /// In days since 1970.
  var day: Int64
  /// From 0.
  var step: Int
}

/// What is known when all users are folded.
struct Totals {
  var hours: [Int64: Total] = [:]
  var days: [Int64: Total] = [:]
  var weeks: [Int64: Total] = [:]
  /// By five-minute stretch, in seconds since 1970.
  var live: [Int64: (users: Int64, requests: Int64)] = [:]
  /// Sessions that came to the step, by the day of their first.
  var funnels: [FunnelKey: Int64] = [:]
  var users: Int64 = 0
  var events: Int64 = 0
  /// Events that were left out, because one with their id counts.
  var duplicates: Int64 = 0
}
