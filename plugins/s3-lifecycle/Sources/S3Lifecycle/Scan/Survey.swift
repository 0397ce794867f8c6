package import AWSClient

/// What a scan comes to: counts, money, and the hash of what is due.
package struct SurveyResult: Sendable {
  package var analysis = Analysis()
  package var ledger: SavingsLedger
  package var hash = ItemListHash()

  package mutating func add(_ other: SurveyResult) {
    analysis.add(other.analysis)
    ledger.add(other.ledger)
    hash.add(other.hash)
  }
}

/// Looks at every object of one stretch of a bucket.
package struct Survey: BucketScan.Visitor, Sendable {
  /// What all stretches of a scan share.
  package struct Shared: Sendable {
    package var book: RuleBook
    package var forecaster: Forecaster
    /// Seconds since 1970.
    package var now: Int
    /// Objects that are due are items: of transitions.
    package var hasItems: Bool
    /// Of the bucket; decides what becomes of an object that expires, or is moved by a copy.
    package var versioning: VersioningStatus = .never
    package var versions: LifecycleConfig.Versions = .replace
    /// Gets each of them.
    package var onDue: @Sendable (DueObject) throws -> Void = { _ in }
    package var onPage: @Sendable (Int) -> Void = { _ in }

    package init(book: RuleBook, forecaster: Forecaster, now: Int, hasItems: Bool) {
      self.book = book
      self.forecaster = forecaster
      self.now = now
      self.hasItems = hasItems
    }

    package func makeResult() -> SurveyResult {
      SurveyResult(
        ledger: SavingsLedger(rules: book.ids.count, months: book.months(forecaster), leavesUnprofitable: forecaster.copies))
    }
  }

  private let shared: Shared
  private var counter: Counter
  private var ways: Ways
  private var gathered: SurveyResult

  package init(_ shared: Shared) {
    self.shared = shared
    counter = Counter(now: shared.now)
    ways = Ways(shared.book)
    gathered = shared.makeResult()
  }

  package mutating func visit(_ object: ScannedObject) throws {
    counter.add(object)
    guard object.kind != .deleteMarker else { return }
    // The version `null` of a bucket that no longer keeps versions is gone when something replaces it.
    let isKept = object.versionID != nil && !(shared.versioning == .suspended && object.versionID == "null")
    if shared.forecaster.copies, !isMovable(object, isKept: isKept) { return }
    let kind: Ways.Kind = object.kind == .noncurrent ? .noncurrent : isKept ? .versioned : .plain
    let way = ways.way(of: object.key, kind)
    guard !way.isEmpty else { return }
    let outlook = shared.forecaster.outlook(
      bytes: object.bytes, in: object.storageClass, ageDays: object.ageDays(at: shared.now), way: way,
      leavesOld: shared.forecaster.copies && isKept && shared.versions == .keep)
    gathered.ledger.add(outlook, bytes: object.bytes, way: way)
    guard shared.hasItems, outlook.verdict == .moves, let move = outlook.dueMove else { return }
    let due = DueObject(object, to: move.to, rule: shared.book.ids[move.rule], savesMonthly: move.savesMonthly)
    gathered.hash.add(due)
    try shared.onDue(due)
  }

  /// Whether a copy onto itself is what the object needs. Of a noncurrent version it would be the current one, where versioning is
  /// suspended it would overwrite the version `null`: those are for the bucket's own rules.
  private func isMovable(_ object: ScannedObject, isKept: Bool) -> Bool {
    if object.kind == .noncurrent { return false }
    return !isKept || shared.versions != .skip && shared.versioning != .suspended
  }

  package mutating func pageEnded(objects: Int) { shared.onPage(objects) }

  /// Everything that was seen; the survey is over.
  package func finished() -> SurveyResult {
    var counter = counter
    var result = gathered
    result.analysis = counter.finish()
    return result
  }
}

extension RuleBook {
  /// How many months a balance needs so that every object reaches the end of its way.
  package func months(_ forecaster: Forecaster) -> Int {
    max(forecaster.horizonMonths, Int(Double(longestDays) / Prices.daysPerMonth) + 2)
  }
}
