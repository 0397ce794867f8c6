package import AWSClient

/// How large an object must be for a rule to pay.
package enum SizeFloor {
  /// The smallest size from which on the whole way of a rule saves more than it costs, for an object that comes in today;
  /// `nil` when no size does. Bytes, to the next KiB.
  package static func bytes(_ rule: LifecycleRule, _ forecaster: Forecaster) -> Int64? {
    var plain = rule
    plain.filter = LifecycleRule.Filter(prefix: "")
    let book = RuleBook([plain])
    var ways = Ways(book)
    let noncurrent = rule.transitions?.isEmpty != false
    let way = ways.way(of: "", noncurrent ? .noncurrent : .plain)
    guard !way.steps.isEmpty else { return 0 }
    let judge = Forecaster(
      prices: forecaster.prices, minBytes: 0, horizonMonths: forecaster.horizonMonths, copies: forecaster.copies)
    func pays(_ kibibytes: Int64) -> Bool {
      judge.outlook(bytes: kibibytes << 10, in: .standard, ageDays: 0, way: way).verdict == .moves
    }
    var (low, high): (Int64, Int64) = (0, 1 << 22)
    guard pays(high) else { return nil }
    while low + 1 < high {
      let middle = (low + high) / 2
      if pays(middle) { high = middle } else { low = middle }
    }
    return high << 10
  }

  /// The ids that `split` may give.
  static func ids(of id: String) -> [String] { [id, id + "-end"] }

  static func areHalves(_ one: String, _ other: String) -> Bool { ids(of: one)[1] == other || ids(of: other)[1] == one }

  /// A rule whose steps ask for a size, and beside it, where there is one, a rule for what does not: expiry.
  package static func split(_ rule: LifecycleRule, from bytes: Int64) -> [LifecycleRule] {
    var steps = rule
    let filter = rule.meaning.filter?.and
    steps.filter = .make(
      prefix: filter?.prefix ?? "", tags: filter?.tags ?? [],
      largerThan: max(bytes - 1, filter?.objectSizeGreaterThan ?? 0), smallerThan: filter?.objectSizeLessThan)
    (steps.expiration, steps.noncurrentExpiration, steps.abortIncompleteUploads) = (nil, nil, nil)
    var rest = rule
    rest.id = (rule.id ?? "") + "-end"
    (rest.transitions, rest.noncurrentTransitions) = (nil, nil)
    let hasRest = rest.expiration != nil || rest.noncurrentExpiration != nil || rest.abortIncompleteUploads != nil
    return hasRest ? [steps, rest] : [steps]
  }
}
