extension LifecycleRule {
  /// The rule in one spelling: two rules that do the same have equal meanings. Stores answer a rule otherwise than it was put
  /// (Ceph orders transitions its own way, writes a plain prefix in the old form and takes it out of `And`).
  package var meaning: LifecycleRule {
    var rule = self
    var filter = rule.filter ?? Filter()
    if filter.prefix == nil, filter.and == nil, let legacyPrefix { filter.prefix = legacyPrefix }
    rule.legacyPrefix = nil
    var and = filter.and ?? Filter.And()
    if let prefix = filter.prefix { and.prefix = prefix }
    if let tag = filter.tag { and.tags = (and.tags ?? []) + [tag] }
    and.objectSizeGreaterThan = filter.objectSizeGreaterThan ?? and.objectSizeGreaterThan
    and.objectSizeLessThan = filter.objectSizeLessThan ?? and.objectSizeLessThan
    and.prefix = and.prefix ?? ""
    and.tags = (and.tags ?? []).sorted { ($0.key, $0.value) < ($1.key, $1.value) }
    rule.filter = Filter()
    rule.filter?.and = and
    rule.transitions = (transitions ?? []).sorted {
      ($0.days ?? 0, $0.date ?? "", $0.storageClass.rawValue) < ($1.days ?? 0, $1.date ?? "", $1.storageClass.rawValue)
    }
    rule.noncurrentTransitions = (noncurrentTransitions ?? []).sorted {
      ($0.noncurrentDays ?? 0, $0.storageClass.rawValue) < ($1.noncurrentDays ?? 0, $1.storageClass.rawValue)
    }
    return rule
  }
}
