package import AWSClient

/// What becomes of a bucket's rules when ours are brought to what is wanted. Pure.
package struct RuleMerge: Hashable, Sendable {
  package struct Change: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
      case added, changed, removed, unchanged
      /// Another's: left as it is.
      case foreign
    }

    package var kind: Kind
    package var id: String
    /// The rule in words; empty for none.
    package var before: [String]
    package var after: [String]
  }

  /// What the bucket is to have: the others' rules first, as they stand, then ours.
  package let target: [LifecycleRule]
  package let changes: [Change]

  package var isChange: Bool { changes.contains { ![.unchanged, .foreign].contains($0.kind) } }

  package init(existing: [LifecycleRule], wanted: [LifecycleRule], idPrefix: String) {
    let isOurs = { (rule: LifecycleRule) in rule.id?.hasPrefix(idPrefix) == true }
    let foreign = existing.filter { !isOurs($0) }
    let ours = existing.filter(isOurs)
    var changes = foreign.map { Change(kind: .foreign, id: $0.id ?? "", before: $0.lines, after: $0.lines) }
    for rule in wanted {
      let before = ours.first { $0.id == rule.id }
      let kind: Change.Kind = before.map { $0.meaning == rule.meaning ? .unchanged : .changed } ?? .added
      changes.append(Change(kind: kind, id: rule.id ?? "", before: before?.lines ?? [], after: rule.lines))
    }
    for rule in ours where !wanted.contains(where: { $0.id == rule.id }) {
      changes.append(Change(kind: .removed, id: rule.id ?? "", before: rule.lines, after: []))
    }
    self.changes = changes
    target = foreign + wanted
  }

  /// Whether what a bucket answers does what was put. One that was put without a minimum size may answer its default; none at all is
  /// a bucket without rules.
  package static func areSame(_ kept: LifecycleConfiguration, _ put: LifecycleConfiguration) -> Bool {
    let isSize = put.defaultMinimumSize == nil || put.rules.isEmpty || kept.defaultMinimumSize == put.defaultMinimumSize
    return isSize && areSame(kept.rules, put.rules)
  }

  /// Whether two lists of rules do the same, in whatever order and spelling.
  package static func areSame(_ one: [LifecycleRule], _ other: [LifecycleRule]) -> Bool {
    func spelled(_ rules: [LifecycleRule]) -> [LifecycleRule: Int] {
      rules.reduce(into: [:]) { $0[$1.meaning, default: 0] += 1 }
    }
    return spelled(one) == spelled(other)
  }
}

extension RuleMerge.Change {
  /// As a unified diff has it: a head, then lines with `+`, `-` or a blank before them.
  package var diff: [String] {
    var lines = ["\(id.isEmpty ? "(no id)" : id): \(kind.rawValue)"]
    let shared = Set(before).intersection(after)
    for line in before { lines.append((shared.contains(line) ? "    " : "  - ") + line) }
    for line in after where !shared.contains(line) { lines.append("  + " + line) }
    return lines
  }
}
