/// How old objects are, in four bands: the day that ends one begins the next.
package enum AgeBand: Int, CaseIterable, Hashable, Sendable {
  case month, quarter, year, older

  package init(days: Double) {
    self = days < 30 ? .month : days < 90 ? .quarter : days < 365 ? .year : .older
  }

  package var title: String {
    switch self {
    case .month: "0–30 d"
    case .quarter: "30–90 d"
    case .year: "90–365 d"
    case .older: "over 365 d"
    }
  }
}
