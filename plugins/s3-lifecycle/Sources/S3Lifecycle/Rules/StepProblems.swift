import AWSClient

/// What is wrong with the steps of one rule, whether they count from creation or from replacement.
enum StepProblems {
  /// `noun`: `noncurrent ` or nothing, for the messages.
  static func of(_ steps: [(days: Int, to: StorageClass)], expiresAfter end: Int?, noun: String) -> [String] {
    var messages: [String] = []
    for step in steps {
      if step.days < 0 { messages.append("\(step.days) days are not a time to come") }
      if step.days < step.to.minimumAgeDays {
        messages.append(
          "a \(noun)transition to \(step.to) takes at least \(step.to.minimumAgeDays) days, not \(step.days)")
      }
      if let end, end <= step.days {
        messages.append("the \(noun)expiry after \(end) d must come after the transition to \(step.to) after \(step.days) d")
      }
    }
    let sorted = steps.filter { $0.to.coldness != nil }.sorted { ($0.to.coldness ?? 0) < ($1.to.coldness ?? 0) }
    for (earlier, later) in zip(sorted, sorted.dropFirst()) {
      // What comes from an infrequent-access class has been there for thirty days (User Guide, "Minimum 30-day charge").
      let gap = earlier.to.minimumAgeDays
      if later.days < earlier.days + max(gap, 1) {
        messages.append(
          gap > 0
            ? "the \(noun)transition to \(later.to) must come \(gap) days or more after the one to \(earlier.to)"
            : "the \(noun)transition to \(later.to) must come after the one to \(earlier.to)")
      }
    }
    return messages
  }

  static func classes(_ classes: [StorageClass]) -> [String] {
    var messages: [String] = []
    var seen: Set<StorageClass> = []
    for storageClass in classes {
      if storageClass.coldness == nil {
        messages.append("\(storageClass) is no storage class of S3")
      } else if storageClass == .standard {
        messages.append("nothing goes to STANDARD by a rule")
      }
      if !seen.insert(storageClass).inserted { messages.append("two transitions go to \(storageClass)") }
    }
    // From ONEZONE_IA only the archives are open (User Guide, "Supported lifecycle transitions").
    if seen.contains(.oneZoneIA), seen.contains(.glacierInstantRetrieval) {
      messages.append("nothing goes from ONEZONE_IA to GLACIER_IR")
    }
    return messages
  }
}
