package import AWSClient

/// The rules as they act on one object of a listing: which steps it goes, and when. Rules that ask for tags are left out, as a
/// listing does not say them. Beside them stand the ends that other rules make of objects in any case.
package struct RuleBook: Sendable {
  package struct Step: Hashable, Sendable {
    /// After the object's creation; for noncurrent versions after its replacement.
    package var days: Int
    package var to: StorageClass
    /// Which rule it is of, by its place in `ids`; `others` for one that is not among them.
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
    /// The ends of a version that something replaces, in days after that.
    package var endsWhenReplaced: [Step] = []

    package var isEmpty: Bool { steps.isEmpty && ends.isEmpty }
  }

  private struct Entry {
    var prefix: [UInt8]
    var way: Way
    var noncurrentWay: Way

    /// `nil` for a rule that asks for tags.
    init?(_ rule: LifecycleRule, number: Int) {
      let filter = rule.meaning.filter?.and
      guard filter?.tags?.isEmpty != false else { return nil }
      let least = (filter?.objectSizeGreaterThan).map { $0 + 1 } ?? 0
      let most = (filter?.objectSizeLessThan).map { $0 - 1 } ?? .max
      func step(_ days: Int, _ to: StorageClass) -> Step {
        Step(days: days, to: to, rule: number, minBytes: least, maxBytes: most)
      }
      prefix = Array((filter?.prefix ?? "").utf8)
      way = Way()
      way.steps = (rule.transitions ?? []).compactMap { part in part.days.map { step($0, part.storageClass) } }
      way.ends = (rule.expiration?.days).map { [step($0, .standard)] } ?? []
      noncurrentWay = Way()
      noncurrentWay.steps = (rule.noncurrentTransitions ?? []).filter { $0.newerNoncurrentVersions == nil }
        .compactMap { part in part.noncurrentDays.map { step($0, part.storageClass) } }
      if let end = rule.noncurrentExpiration, end.newerNoncurrentVersions == nil, let days = end.noncurrentDays {
        noncurrentWay.ends = [step(days, .standard)]
      }
    }
  }

  package let ids: [String]
  /// Rules that depend on tags.
  package let unreadable: [String]
  private let entries: [Entry]

  /// Stands for a rule that ends objects whatever these rules do.
  package static let others = -1

  /// `endings`: rules that the bucket has beside; only what they expire counts.
  package init(_ rules: [LifecycleRule], endings: [LifecycleRule] = []) {
    var ids: [String] = []
    var entries: [Entry] = []
    var unreadable: [String] = []
    for rule in rules where rule.isEnabled {
      guard let entry = Entry(rule, number: ids.count) else {
        unreadable.append(rule.id ?? "")
        continue
      }
      ids.append(rule.id ?? "")
      entries.append(entry)
    }
    for rule in endings where rule.isEnabled {
      guard var entry = Entry(rule, number: Self.others) else { continue }
      (entry.way.steps, entry.noncurrentWay.steps) = ([], [])
      if !entry.way.isEmpty || !entry.noncurrentWay.isEmpty { entries.append(entry) }
    }
    self.ids = ids
    self.entries = entries
    self.unreadable = unreadable
  }

  /// The last day on which a rule does anything, of any object.
  package var longestDays: Int {
    let current = entries.flatMap { $0.way.steps + $0.way.ends }.map(\.days).max() ?? 0
    return current + (entries.flatMap { $0.noncurrentWay.steps + $0.noncurrentWay.ends }.map(\.days).max() ?? 0)
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
      if !isNoncurrent { way.endsWhenReplaced += entries[index].noncurrentWay.ends }
    }
    return way.sorted
  }
}

extension RuleBook.Way {
  fileprivate var sorted: Self {
    var way = self
    way.steps.sort { ($0.days, $0.to.coldness ?? -1) < ($1.days, $1.to.coldness ?? -1) }
    way.ends.sort { $0.days < $1.days }
    way.endsWhenReplaced.sort { $0.days < $1.days }
    return way
  }

  /// This way of an object that is there, then that of a noncurrent version: where a bucket keeps versions, expiry lays a delete
  /// marker over the object, which is then a noncurrent version and goes on being billed.
  fileprivate func then(_ noncurrent: Self) -> Self {
    guard !ends.isEmpty else { return self }
    var way = Self()
    way.endsWhenReplaced = endsWhenReplaced
    way.steps = steps.filter { step in !ends.contains { $0.days <= step.days && $0.covers(step) } }
    for (index, end) in ends.enumerated() where !ends[..<index].contains(where: { $0.covers(end) }) {
      // The expiry is what brings about the end; the steps are the other rule's own.
      way.steps += noncurrent.steps.compactMap { end.followed(by: $0, rule: $0.rule) }
      way.ends += noncurrent.ends.compactMap { end.followed(by: $0, rule: end.rule) }
    }
    return way.sorted
  }
}

extension RuleBook.Step {
  /// Takes every object that the other takes.
  fileprivate func covers(_ other: Self) -> Bool { minBytes <= other.minBytes && other.maxBytes <= maxBytes }

  /// The other one so many days after this one, for the sizes that both take; `nil` when there are none.
  fileprivate func followed(by other: Self, rule: Int) -> Self? {
    let (least, most) = (max(minBytes, other.minBytes), min(maxBytes, other.maxBytes))
    guard least <= most else { return nil }
    return Self(days: days + other.days, to: other.to, rule: rule, minBytes: least, maxBytes: most)
  }
}

/// Finds the way of each key of a listing. Keys come in order, so most have the rules of the one before. Not shared.
package struct Ways {
  /// What an object is, as far as rules tell.
  package enum Kind: Hashable, Sendable {
    /// Gone when it expires.
    case plain
    /// Expires into a noncurrent version.
    case versioned
    case noncurrent
  }

  private let book: RuleBook
  private var known: [[Int]: [Kind: RuleBook.Way]] = [:]

  package init(_ book: RuleBook) { self.book = book }

  package mutating func way(of key: String, _ kind: Kind) -> RuleBook.Way {
    let rules = book.matching(key)
    if let way = known[rules]?[kind] { return way }
    let current = book.merged(rules, isNoncurrent: false)
    let way =
      switch kind {
      case .plain: current
      case .versioned: current.then(book.merged(rules, isNoncurrent: true))
      case .noncurrent: book.merged(rules, isNoncurrent: true)
      }
    known[rules, default: [:]][kind] = way
    return way
  }
}
