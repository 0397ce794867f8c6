/// What the account cost, month by month, as earlier runs of the job saw it. Kept in the job's checkpoint store.
package struct Trend: Codable, Hashable, Sendable {
  /// The last run of a month stands for it.
  package struct Month: Codable, Hashable, Sendable {
    /// `2026-11`
    package var month: String
    /// US dollars a month, and what of it could be saved.
    package var cost: Double
    package var saving: Double
    package var functions: Int
    package var unknown: Int

    package init(month: String, cost: Double, saving: Double, functions: Int, unknown: Int) {
      self.month = month
      self.cost = cost
      self.saving = saving
      self.functions = functions
      self.unknown = unknown
    }
  }

  package static let monthsKept = 36

  /// Oldest first, each month once.
  package private(set) var months: [Month] = []

  package init() {}

  /// A month that is there already is replaced.
  package mutating func add(_ month: Month) {
    months.removeAll { $0.month == month.month }
    months.append(month)
    months.sort { $0.month < $1.month }
    months.removeFirst(max(months.count - Self.monthsKept, 0))
  }

  /// The newest month before this one; `nil` for the first.
  package func before(_ month: String) -> Month? { months.last { $0.month < month } }
}
