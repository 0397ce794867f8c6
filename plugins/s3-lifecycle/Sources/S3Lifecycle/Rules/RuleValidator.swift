package import AWSClient

/// Judges lifecycle rules by the limits that AWS documents (S3 API Reference, "PutBucketLifecycleConfiguration"; S3 User
/// Guide, "Lifecycle configuration elements" and "Transitioning objects using Amazon S3 Lifecycle"). Pure.
package enum RuleValidator {
  package static let maxRules = 1_000
  static let maxIDCharacters = 255
  static let maxObjectBytes: Int64 = 50 << 40

  /// Every finding about a whole configuration, in the order of its rules.
  package static func findings(_ rules: [LifecycleRule]) -> [RuleFinding] {
    var found: [RuleFinding] = []
    if rules.count > maxRules { found.append(.error("", "\(rules.count) rules; a bucket has at most \(maxRules)")) }
    var ids: Set<String> = []
    for rule in rules {
      let id = rule.id ?? ""
      if !id.isEmpty, !ids.insert(id).inserted { found.append(.error(id, "another rule has this id too")) }
      found += findings(rule)
    }
    return found + overlaps(rules)
  }

  static func findings(_ rule: LifecycleRule) -> [RuleFinding] {
    let id = rule.id ?? ""
    var messages = filterProblems(rule)
    if id.count > maxIDCharacters {
      messages.append("the id has \(id.count) characters; at most \(maxIDCharacters) are allowed")
    }
    let hasAction =
      rule.transitions?.isEmpty == false || rule.expiration != nil || rule.noncurrentTransitions?.isEmpty == false
      || rule.noncurrentExpiration != nil || rule.abortIncompleteUploads != nil
    if !hasAction { messages.append("it does nothing: a rule needs a transition, an expiry or an abort") }
    messages += currentProblems(rule) + noncurrentProblems(rule)
    if let abort = rule.abortIncompleteUploads {
      if abort.daysAfterInitiation < 1 { messages.append("incomplete uploads are aborted after at least 1 day") }
      if hasTags(rule) { messages.append("incomplete uploads cannot be chosen by tags") }
      if hasSizes(rule) { messages.append("incomplete uploads cannot be chosen by size") }
    }
    return messages.map { .error(id, $0) } + doubts(rule)
  }

  private static func filterProblems(_ rule: LifecycleRule) -> [String] {
    let filter = rule.meaning.filter?.and
    var messages: [String] = []
    if rule.filter != nil, rule.legacyPrefix != nil { messages.append("it has both a filter and a prefix of the old form") }
    if let prefix = filter?.prefix, prefix.utf8.count > 1_024 { messages.append("the prefix is longer than 1,024 bytes") }
    let tags = filter?.tags ?? []
    if tags.count > 10 { messages.append("\(tags.count) tags; an object has at most 10") }
    if Set(tags.map(\.key)).count < tags.count { messages.append("a tag is named twice") }
    for tag in tags where tag.key.isEmpty || tag.key.count > 128 || tag.value.count > 256 {
      messages.append("the tag \"\(tag.key.prefix(20))\" has a key of 1 to 128 or a value of up to 256 characters, not more")
    }
    let (over, under) = (filter?.objectSizeGreaterThan, filter?.objectSizeLessThan)
    for size in [over, under].compactMap({ $0 }) where !(0...maxObjectBytes).contains(size) {
      messages.append("\(size) bytes is no size of an object")
    }
    if let over, let under, over >= under { messages.append("no object is over \(over) and under \(under) bytes") }
    return messages
  }

  private static func currentProblems(_ rule: LifecycleRule) -> [String] {
    let steps = rule.transitions ?? []
    var messages: [String] = []
    let dated = steps.filter { $0.date != nil }.count
    if dated > 0, dated < steps.count { messages.append("transitions by day and by date are mixed") }
    for step in steps {
      if (step.days == nil) == (step.date == nil) {
        messages.append("a transition to \(step.storageClass) needs days or a date")
      }
      if let date = step.date, !isMidnight(date) { messages.append("\(date) is not midnight UTC") }
    }
    messages += StepProblems.of(
      steps.compactMap { step in step.days.map { ($0, step.storageClass) } }, expiresAfter: rule.expiration?.days, noun: "")
    messages += StepProblems.classes(steps.map(\.storageClass))
    if let end = rule.expiration {
      let given = [end.days != nil, end.date != nil, end.expiredObjectDeleteMarker != nil].filter { $0 }.count
      if given != 1 { messages.append("an expiry needs days, a date or the removal of delete markers, and one of them alone") }
      if let days = end.days, days < 1 { messages.append("objects expire after at least 1 day") }
      if let date = end.date, !isMidnight(date) { messages.append("\(date) is not midnight UTC") }
      if end.days != nil && dated > 0 || end.date != nil && dated < steps.count {
        messages.append("the expiry and the transitions are not both by day or both by date")
      }
      if end.expiredObjectDeleteMarker != nil, hasTags(rule) || hasSizes(rule) {
        messages.append("delete markers cannot be chosen by tags or size")
      }
    }
    return messages
  }

  private static func noncurrentProblems(_ rule: LifecycleRule) -> [String] {
    let steps = rule.noncurrentTransitions ?? []
    var messages: [String] = []
    for step in steps where step.noncurrentDays == nil {
      messages.append("a noncurrent transition to \(step.storageClass) needs days")
    }
    messages += StepProblems.of(
      steps.compactMap { step in step.noncurrentDays.map { ($0, step.storageClass) } },
      expiresAfter: rule.noncurrentExpiration?.noncurrentDays, noun: "noncurrent ")
    messages += StepProblems.classes(steps.map(\.storageClass))
    let kept = steps.map(\.newerNoncurrentVersions) + [rule.noncurrentExpiration?.newerNoncurrentVersions]
    for count in kept.compactMap({ $0 }) where !(1...100).contains(count) {
      messages.append("1 to 100 noncurrent versions can be kept, not \(count)")
    }
    if kept.contains(where: { $0 != nil }), rule.filter == nil {
      messages.append("versions can be kept only by a rule with a filter, not with a prefix of the old form")
    }
    if let end = rule.noncurrentExpiration {
      if end.noncurrentDays == nil { messages.append("the noncurrent expiry needs days") }
      if let days = end.noncurrentDays, days < 1 { messages.append("noncurrent versions expire after at least 1 day") }
    }
    return messages
  }

  private static func hasTags(_ rule: LifecycleRule) -> Bool { rule.meaning.filter?.and?.tags?.isEmpty == false }

  private static func hasSizes(_ rule: LifecycleRule) -> Bool {
    let filter = rule.meaning.filter?.and
    return filter?.objectSizeGreaterThan != nil || filter?.objectSizeLessThan != nil
  }

  private static func isMidnight(_ date: String) -> Bool {
    date.wholeMatch(of: /\d{4}-\d\d-\d\d(T00:00:00(\.0+)?(Z|[+]00:00))?/) != nil
  }
}
