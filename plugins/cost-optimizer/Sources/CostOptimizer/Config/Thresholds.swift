/// From where on a figure is worth a word.
package struct Thresholds: Decodable, Hashable, Sendable {
  /// Fewer calls in the window: unused. Default 10.
  package var unusedCalls = 10
  /// Of the calls; above it they are spoken of. Default 0.05 and 0.01.
  package var errorRate = 0.05
  package var throttleRate = 0.01
  /// US dollars a month that a recommendation must save, where saving is its point. Default 0.10.
  package var minimumSaving = 0.10
  /// US dollars a month: a function that is larger than it needs to be by more is listed for the account. Default 5.
  package var overProvisioned = 5.0
  /// US dollars a month: the account's cost above the first is worth a look, above the second an alarm. Default 100, 1,000.
  package var accountCost = [100.0, 1_000.0]

  package init() {}

  private enum CodingKeys: CodingKey {
    case unusedCalls, errorRate, throttleRate, minimumSaving, overProvisioned, accountCost
  }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    unusedCalls = try keys.decodeIfPresent(Int.self, forKey: .unusedCalls) ?? unusedCalls
    errorRate = try keys.decodeIfPresent(Double.self, forKey: .errorRate) ?? errorRate
    throttleRate = try keys.decodeIfPresent(Double.self, forKey: .throttleRate) ?? throttleRate
    minimumSaving = try keys.decodeIfPresent(Double.self, forKey: .minimumSaving) ?? minimumSaving
    overProvisioned = try keys.decodeIfPresent(Double.self, forKey: .overProvisioned) ?? overProvisioned
    accountCost = try keys.decodeIfPresent([Double].self, forKey: .accountCost) ?? accountCost
  }
}
