package import Cron

/// What the tables are made by: with the events, all that they depend on.
package struct RollupSettings: Sendable {
  /// In which zone hours, days and weeks begin.
  package var zone: ZoneRules
  /// The day on which weeks begin; 0 is Sunday.
  package var weekStart: Int
  package var funnels: [Funnel]
  package var thresholds: Thresholds
  /// A range with more malformed lines counts for nothing.
  package var budget: MalformedBudget

  package init(
    zone: ZoneRules = .utc, weekStart: Int = 1, funnels: [Funnel] = [.standard], thresholds: Thresholds = Thresholds(),
    budget: MalformedBudget = MalformedBudget()
  ) {
    self.zone = zone
    self.weekStart = weekStart
    self.funnels = funnels
    self.thresholds = thresholds
    self.budget = budget
  }
}

/// Steps that a session may go through, each later than the one before it.
package struct Funnel: Codable, Hashable, Sendable {
  package var name: String
  /// Event types, at least two.
  package var steps: [String]

  package init(name: String, steps: [String]) {
    self.name = name
    self.steps = steps
  }

  package static let standard = Funnel(name: "purchase", steps: ["page_view", "click", "signup", "purchase"])
}

/// When something is an anomaly.
package struct Thresholds: Codable, Hashable, Sendable {
  /// More page views and clicks than this of one user within `burstSeconds` are a burst. Default 50.
  package var burstEvents: Int
  /// Default 300.
  package var burstSeconds: Int
  /// A purchase above this is large. Default 10,000.00.
  package var largePurchaseCents: Int64
  /// A country is new when it was not seen for so many days, and another was. Default 30.
  package var newCountryDays: Int

  package init(
    burstEvents: Int = 50, burstSeconds: Int = 300, largePurchaseCents: Int64 = 1_000_000, newCountryDays: Int = 30
  ) {
    self.burstEvents = burstEvents
    self.burstSeconds = burstSeconds
    self.largePurchaseCents = largePurchaseCents
    self.newCountryDays = newCountryDays
  }
}

/// How many malformed lines a range may have.
package struct MalformedBudget: Codable, Hashable, Sendable {
  /// Of its lines. Default 1.
  package var percent: Double
  /// So many are always allowed. Default 10.
  package var floor: Int

  package init(percent: Double = 1, floor: Int = 10) {
    self.percent = percent
    self.floor = floor
  }

  package func allows(_ facts: PartFacts) -> Bool {
    if facts.flaw != nil { return false }
    // A file with no event at all is something else than events.
    if facts.malformed > 0, facts.events == 0 { return false }
    return facts.malformed <= Int64(floor) || Double(facts.malformed) * 100 <= percent * Double(facts.lines)
  }
}
