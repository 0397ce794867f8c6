/// Why an attempt did not end its item. The raw values are stored: never renumber.
package enum RetryCause: Int, Sendable, CaseIterable, Codable {
  /// The plugin asked for a retry, threw, or never completed the item. Costs an attempt.
  case item = 1
  /// Carillon's side failed: a worker died under several items, was recycled, or could not start. Costs no attempt.
  case infrastructure = 2
  /// The worker died while this item alone was in it. Counted as a death, not as an attempt: three poison the item.
  case poison = 3
  /// The plugin was told to slow down. Costs no attempt.
  case rateLimit = 4
  /// The item outlived its timeout. Costs an attempt.
  case timeout = 5
  /// A dependency is down. Costs no attempt.
  case unavailable = 6

  /// Whether such a try counts against `max_attempts`.
  package var costsAttempt: Bool { self == .item || self == .timeout }

  /// The word used in the command line and JSON.
  package var name: String { "\(self)" }
}
