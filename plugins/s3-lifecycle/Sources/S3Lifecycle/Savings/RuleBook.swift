package import AWSClient

/// The rules as they act on one object of a listing: which steps it goes, and when. Rules that ask for tags are left out, as a
/// listing does not say them.
package struct RuleBook: Sendable {
  package struct Step: Hashable, Sendable {
    /// After the object's creation; for noncurrent versions after its replacement.
    package var days: Int
    package var to: StorageClass
    /// Which rule it is of, by its place in `ids`.
    package var rule: Int
    /// Smaller objects do not take it.
    package var minBytes: Int64
    package var maxBytes: Int64
  }

  /// All that the rules make of an object: the way down, and its end.
  package struct Way: Hashable, Sendable {
    /// By days, then the coldest last.
    package var steps: [Step] = []
    /// By days; the first that takes the object ends it. `to` stands for nothing.
    package var ends: [Step] = []

    package var isEmpty: Bool { steps.isEmpty && ends.isEmpty }
  }

  private struct Entry {
    var prefix: [UInt8]
    var way: Way
    var noncurrentWay: Way
  }

  package let ids: [String]
  /// Rules that depend on tags.
  package let unreadable: [String]
  private let entries: [Entry]

  package init(_ rules: [LifecycleRule]) {
    var ids: [String] = []
    var entries: [Entry] = []
    var unreadable: [String] = []
    for rule in rules where rule.isEnabled {
      let filter = rule.meaning.filter?.and
      guard filter?.tags?.isEmpty != false else {
        unreadable.append(rule.id ?? "")
        continue
      }
      let number = ids.count
      ids.append(rule.id ?? "")
      let least = (filter?.objectSizeGreaterThan).map { $0 + 1 } ?? 0
      let most = (filter?.objectSizeLessThan).map { $0 - 1 } ?? .max
      func step(_ days: Int, _ to: StorageClass) -> Step {
        Step(days: days, to: to, rule: number, minBytes: least, maxBytes: most)
      }
      var way = Way()
      way.steps = (rule.transitions ?? []).compactMap { part in part.days.map { step($0, part.storageClass) } }
      way.ends = (rule.expiration?.days).map { [step($0, .standard)] } ?? []
      var noncurrent = Way()
      noncurrent.steps = (rule.noncurrentTransitions ?? []).filter { $0.newerNoncurrentVersions == nil }
        .compactMap { part in part.noncurrentDays.map { step($0, part.storageClass) } }
      if let end = rule.noncurrentExpiration, end.newerNoncurrentVersions == nil, let days = end.noncurrentDays {
        noncurrent.ends = [step(days, .standard)]
      }
      entries.append(Entry(prefix: Array((filter?.prefix ?? "").utf8), way: way, noncurrentWay: noncurrent))
    }
    self.ids = ids
    self.entries = entries
    self.unreadable = unreadable
  }

  /// The last day on which a rule does anything, of any object.
  package var longestDays: Int {
    entries.flatMap { $0.way.steps + $0.way.ends + $0.noncurrentWay.steps + $0.noncurrentWay.ends }.map(\.days).max() ?? 0
  }

  /// Which rules take a key.
  fileprivate func matching(_ key: String) -> [Int] {
    var found: [Int] = []
    for (index, entry) in entries.enumerated() where key.utf8.starts(with: entry.prefix) { found.append(index) }
    return found
  }

  fileprivate func merged(_ rules: [Int], isNoncurrent: Bool) -> Way {
    var way = Way()
    for index in rules {
      let own = isNoncurrent ? entries[index].noncurrentWay : entries[index].way
      way.steps += own.steps
      way.ends += own.ends
    }
    way.steps.sort { ($0.days, $0.to.coldness ?? -1) < ($1.days, $1.to.coldness ?? -1) }
    way.ends.sort { $0.days < $1.days }
    return way
  }
}

/// Finds the way of each key of a listing. Keys come in order, so most have the rules of the one before. Not shared.
package struct Ways {
  private let book: RuleBook
  private var known: [[Int]: (current: RuleBook.Way, noncurrent: RuleBook.Way)] = [:]

  package init(_ book: RuleBook) { self.book = book }

  package mutating func way(of key: String, isNoncurrent: Bool) -> RuleBook.Way {
    let rules = book.matching(key)
    if let ways = known[rules] { return isNoncurrent ? ways.noncurrent : ways.current }
    let ways = (book.merged(rules, isNoncurrent: false), book.merged(rules, isNoncurrent: true))
    known[rules] = ways
    return isNoncurrent ? ways.1 : ways.0
  }
}
