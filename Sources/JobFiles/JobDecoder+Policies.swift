import JobModel

extension JobDecoder {
  private static let year = Duration.seconds(366 * 86_400)

  /// Everything that says how a run goes, rather than what it does.
  func readPolicies(of job: inout JobDefinition, _ fields: Fields) {
    job.rateLimit = rateLimit(fields)
    readRetry(of: &job, fields)
    readTimeouts(of: &job, fields)
    if let budget = failureBudget(fields) { job.failureBudget = budget }
    job.unique = unique(fields)
    readBreaker(of: &job, fields)
    readLimits(of: &job, fields)
  }

  /// `100/1s`, or `{count: 100, per: 1s}`.
  private func rateLimit(_ fields: Fields) -> RateLimit? {
    guard let node = fields.node("rate_limit") else { return nil }
    let counts = 1...1_000_000
    let intervals = Duration.milliseconds(1)...Duration.seconds(86_400)
    guard let text = node.scalarText else {
      guard let limit = fields.fields("rate_limit", known: ["count", "per"]) else { return nil }
      for key in ["count", "per"] where limit.keyMark(of: key) == nil { limit.note(key, "is missing") }
      guard let count = limit.integer("count", in: counts), let interval = limit.duration("per", in: intervals) else {
        return nil
      }
      return RateLimit(count: count, interval: interval)
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), counts.contains(count),
      let interval = DurationText.parse(String(parts[1])), intervals.contains(interval)
    else {
      fields.note("rate_limit", "must be items per duration as 100/1s or 5/1m, is \(fields.described(node))")
      return nil
    }
    return RateLimit(count: count, interval: interval)
  }

  private func readRetry(of job: inout JobDefinition, _ fields: Fields) {
    guard let retry = fields.fields("retry", known: ["max_attempts", "backoff", "base", "cap", "jitter"]) else { return }
    if let value = retry.integer("max_attempts", in: 1...1_000) { job.retry.maxAttempts = value }
    if let value = retry.choice("backoff", RetryPolicy.Backoff.self) { job.retry.backoff = value }
    if let value = retry.duration("base", in: .zero...Self.year) { job.retry.base = value }
    if let value = retry.duration("cap", in: .zero...Self.year) { job.retry.cap = value }
    if let value = retry.choice("jitter", RetryPolicy.Jitter.self) { job.retry.jitter = value }
    if job.retry.cap < job.retry.base {
      let key = retry.keyMark(of: "cap") != nil ? "cap" : "base"
      retry.note(
        key,
        "the longest delay (\(DurationText.format(job.retry.cap))) is shorter than the first (\(DurationText.format(job.retry.base)))"
      )
    }
  }

  private func readTimeouts(of job: inout JobDefinition, _ fields: Fields) {
    guard let timeouts = fields.fields("timeouts", known: ["item", "run", "cancel_grace", "load"]) else { return }
    job.timeouts.item = timeouts.duration("item", in: .zero...Self.year)
    job.timeouts.run = timeouts.duration("run", in: .milliseconds(1)...Self.year)
    if let value = timeouts.duration("cancel_grace", in: .zero...Duration.seconds(3_600)) { job.timeouts.cancelGrace = value }
    if let value = timeouts.duration("load", in: .milliseconds(1)...Duration.seconds(3_600)) { job.timeouts.load = value }
  }

  /// `unlimited`, `10`, `5%`, or `{percent: 5, floor: 100}`.
  private func failureBudget(_ fields: Fields) -> FailureBudget? {
    guard let node = fields.node("failure_budget") else { return nil }
    let defaultFloor = 20
    if case .mapping = node.content {
      guard let budget = fields.fields("failure_budget", known: ["percent", "floor"]) else { return nil }
      if budget.keyMark(of: "percent") == nil { budget.note("percent", "is missing") }
      let floor = budget.keyMark(of: "floor") == nil ? defaultFloor : budget.integer("floor", in: 1...1_000_000_000)
      guard let text = budget.text("percent") else { return nil }
      guard let percent = Self.percent(text) else {
        budget.note("percent", "must be a percentage, 0 to 100, is \"\(text)\"")
        return nil
      }
      return floor.map { .percent(percent, floor: $0) }
    }
    if let text = node.scalarText {
      if text == "unlimited" { return .unlimited }
      if let count = Int(text), count >= 0 { return .count(count) }
      if text.hasSuffix("%"), let percent = Self.percent(text) { return .percent(percent, floor: defaultFloor) }
    }
    fields.note(
      "failure_budget", "must be a number of items as 10, a percentage as 5%, or unlimited, is \(fields.described(node))")
    return nil
  }

  private static func percent(_ text: String) -> Double? {
    guard let value = Double(text.hasSuffix("%") ? text.dropLast() : text[...]), (0...100).contains(value) else { return nil }
    return value
  }

  private func unique(_ fields: Fields) -> UniquePolicy? {
    guard let unique = fields.fields("unique", known: ["by", "for"]) else { return nil }
    if let by = unique.text("by"), by != "key" { unique.note("by", "must be key, the only choice, is \"\(by)\"") }
    if unique.keyMark(of: "for") == nil { unique.note("for", "is missing: how long does a key stay taken?") }
    return unique.duration("for", in: .seconds(1)...Duration.seconds(3_660 * 86_400)).map(UniquePolicy.init)
  }

  private func readBreaker(of job: inout JobDefinition, _ fields: Fields) {
    guard let breaker = fields.fields("breaker", known: ["failures", "cooldown"]) else { return }
    if let value = breaker.integer("failures", in: 1...1_000_000) { job.breaker.failures = value }
    if let value = breaker.duration("cooldown", in: .milliseconds(1)...Duration.seconds(86_400)) {
      job.breaker.cooldown = value
    }
  }

  private func readLimits(of job: inout JobDefinition, _ fields: Fields) {
    guard let limits = fields.fields("limits", known: ["address_space", "descriptors", "recycle", "new_privileges"]) else {
      return
    }
    if let value = limits.mebibytes("address_space", in: 0...1 << 30) { job.limits.addressSpaceMiB = value }
    if let value = limits.integer("descriptors", in: 16...1_048_576) { job.limits.descriptors = value }
    if let value = limits.boolean("new_privileges") { job.limits.allowsNewPrivileges = value }
    guard let recycle = limits.fields("recycle", known: ["memory", "items", "after"]) else { return }
    if let value = recycle.mebibytes("memory", in: 0...1 << 30) { job.limits.recycleMiB = value }
    if let value = recycle.integer("items", in: 0...1_000_000_000) { job.limits.recycleItems = value }
    job.limits.recycleAfter = recycle.duration("after", in: .seconds(1)...Self.year)
  }
}
