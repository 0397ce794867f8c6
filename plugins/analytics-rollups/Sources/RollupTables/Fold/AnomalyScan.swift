/// Finds what is unusual about one user's events, which are in the order of time.
struct AnomalyScan {
  private let thresholds: Thresholds
  private let names: Names
  /// When a country was seen last; for the user at hand.
  private var lastSeen: [(country: UInt32, atUs: Int64)] = []

  init(_ thresholds: Thresholds, _ names: Names) {
    self.thresholds = thresholds
    self.names = names
  }

  mutating func scan(_ events: [Event], of user: [UInt8], idTexts: [UInt8], into alerts: inout [Alert]) {
    if events.count > thresholds.burstEvents { bursts(events, user, &alerts) }
    for event in events where event.type == EventType.purchase && event.cents > thresholds.largePurchaseCents {
      alerts.append(
        Alert(
          kind: .largePurchase, user: text(user), atUs: event.atUs, untilUs: event.atUs, detail: id(event, idTexts),
          value: event.cents))
    }
    newCountries(events, user, &alerts)
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private func id(_ event: Event, _ idTexts: [UInt8]) -> String {
    guard event.idText != 0 else { return "line:" + Hash.hex(event.idHigh, event.idLow) }
    let start = Int(event.idText) - 1
    let count = Int(idTexts[start]) | Int(idTexts[start + 1]) << 8
    return String(decoding: idTexts[(start + 2)..<(start + 2 + count)], as: UTF8.self)
  }

  /// A window ends at each view or click and begins just after the instant `burstSeconds` before. Windows that hold too many are
  /// one burst while no more than `burstSeconds` lie between their ends.
  private func bursts(_ events: [Event], _ user: [UInt8], _ alerts: inout [Alert]) {
    let window = Int64(thresholds.burstSeconds) * 1_000_000
    let times = events.lazy.filter { $0.type <= EventType.click }.map(\.atUs)
    let all = Array(times)
    var first = 0
    var current: Alert?
    for index in all.indices {
      // Events of one instant are in the same windows.
      if index + 1 < all.count, all[index + 1] == all[index] { continue }
      while all[first] <= all[index] - window { first += 1 }
      let count = index - first + 1
      guard count > thresholds.burstEvents else { continue }
      if var burst = current, all[index] - burst.untilUs <= window {
        burst.untilUs = all[index]
        burst.value = max(burst.value, Int64(count))
        current = burst
      } else {
        if let burst = current { alerts.append(burst) }
        current = Alert(
          kind: .burst, user: text(user), atUs: all[index], untilUs: all[index], detail: "", value: Int64(count))
      }
    }
    if let burst = current { alerts.append(burst) }
  }

  private mutating func newCountries(_ events: [Event], _ user: [UInt8], _ alerts: inout [Alert]) {
    let window = Int64(thresholds.newCountryDays) * 86_400_000_000
    lastSeen.removeAll(keepingCapacity: true)
    /// The newest event with a country, before the instant at hand.
    var newest: Int64?
    var index = 0
    while index < events.count {
      // What happens at one instant does not make the others of it known.
      var end = index + 1
      while end < events.count, events[end].atUs == events[index].atUs { end += 1 }
      let atUs = events[index].atUs
      let isKnown = newest.map { $0 >= atUs - window } ?? false
      var hasCountry = false
      for place in index..<end where events[place].country != 0 {
        hasCountry = true
        let country = events[place].country
        let known = lastSeen.firstIndex { $0.country == country }
        if isKnown, known.map({ lastSeen[$0].atUs < atUs - window }) ?? true {
          alerts.append(
            Alert(
              kind: .newCountry, user: text(user), atUs: atUs, untilUs: atUs, detail: names.countries[Int(country) - 1],
              value: 0))
        }
        if let known { lastSeen[known].atUs = atUs } else { lastSeen.append((country, atUs)) }
      }
      if hasCountry { newest = atUs }
      index = end
    }
  }
}
