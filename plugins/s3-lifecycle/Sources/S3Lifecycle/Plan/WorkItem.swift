package import AWSClient

/// The payload of an item: one of the things that a run does, or why it does none.
package enum WorkItem: Codable, Hashable, Sendable {
  /// The bucket's rules are brought to what is wanted.
  case rules(RulesItem)
  case tiering(TieringItem)
  case object(DueObject)
  /// The run's only item, which fails: a plan that no longer fits, rules that AWS would refuse. Naming the items again would
  /// end alike.
  case refusal(String)
}

package struct RulesItem: Codable, Hashable, Sendable {
  /// Ours; what is not among them and ours is removed.
  package var wanted: [LifecycleRule]
  /// What the bucket had when the change was planned (`BucketState`).
  package var bucketHash: String
}

package struct TieringItem: Codable, Hashable, Sendable {
  package var id: String
  /// What the bucket is to have; absent: the configuration is removed.
  package var wanted: IntelligentTieringConfiguration?
  /// What it had when the change was planned.
  package var before: IntelligentTieringConfiguration?

  /// What becomes of a bucket's configurations when ours are brought to what is wanted; nothing for those that are right.
  package static func changes(
    existing: [IntelligentTieringConfiguration], wanted: [IntelligentTieringConfiguration], idPrefix: String
  ) -> [TieringItem] {
    let changed = wanted.compactMap { configuration -> TieringItem? in
      let before = existing.first { $0.id == configuration.id }
      return before?.meaning == configuration.meaning
        ? nil : TieringItem(id: configuration.id, wanted: configuration, before: before)
    }
    let removed = existing.filter { old in old.id.hasPrefix(idPrefix) && !wanted.contains { $0.id == old.id } }
    return changed + removed.map { TieringItem(id: $0.id, wanted: nil, before: $0) }
  }
}

extension IntelligentTieringConfiguration {
  /// In one spelling, to be compared: stores answer no filter, or an empty one, and tiers in their own order.
  package var meaning: IntelligentTieringConfiguration {
    var same = self
    let isEmpty = (filter?.prefix ?? "").isEmpty && filter?.tag == nil && filter?.and == nil
    if isEmpty { same.filter = nil }
    same.tierings.sort { $0.accessTier < $1.accessTier }
    return same
  }

  /// In words.
  package var line: String {
    let scope = filter?.prefix.flatMap { $0.isEmpty ? nil : "prefix \($0)" } ?? filter?.and?.prefix ?? "every object"
    return ([scope] + tierings.map { "\($0.accessTier) after \($0.days) d without an access" }).joined(separator: ", ")
  }
}
