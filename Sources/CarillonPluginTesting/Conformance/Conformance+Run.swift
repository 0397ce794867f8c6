import CarillonPlugin

/// What a run shows.
extension Conformance {
  /// One ordinary run: its record for the checks that follow, and the findings. No record: they make no sense.
  func wholeRun() async -> (RunRecord?, [Finding]) {
    let harness = harness()
    do {
      if try await harness.check().contains(where: { $0.severity == .error }) {
        return (nil, [Finding(rule: .check, message: "check finds errors in the given config")])
      }
      let record = try await harness.run()
      let limit = try await harness.manifest().maxInFlight
      return (record, completions(record, limit: limit) + Finding.breaches(record))
    } catch {
      let rule: Finding.Rule
      switch (error as? HarnessError)?.code {
      case .create: rule = .create
      case .call where harness.record.items.isEmpty: rule = .discovery
      case .call where harness.record.completions.count < harness.record.items.count:
        rule = .completion
      default: rule = .finish
      }
      return (nil, [Finding(rule: rule, message: errorMessage(error))])
    }
  }

  private func completions(_ record: RunRecord, limit: Int) -> [Finding] {
    var findings: [Finding] = []
    if record.items.isEmpty {
      findings.append(
        Finding(rule: .discovery, message: "no items were named: give a config that has a few"))
    }
    for completion in record.completions {
      findings += outcome(completion)
    }
    if record.peakInFlight > limit {
      findings.append(
        Finding(
          rule: .concurrency,
          message: "\(record.peakInFlight) items at once; the manifest says \(limit)"))
    }
    return findings
  }

  private func outcome(_ completion: Completion) -> [Finding] {
    var messages: [String] = []
    if completion.kind != .succeeded, completion.reason.isEmpty {
      messages.append("\(completion.kind) without a reason")
    }
    if completion.kind == .unavailable, completion.dependency.isEmpty {
      messages.append("unavailable without a dependency")
    }
    for (name, json) in [("output", completion.output), ("effect", completion.effect)]
    where !json.isEmpty && !JSON.isValid(Array(json.utf8)) {
      messages.append("the \(name) is not JSON")
    }
    var findings = messages.map {
      Finding(rule: .outcome, message: "item \"\(completion.key)\": \($0)")
    }
    if !completion.isByPlugin {
      findings.append(
        Finding(
          rule: .completion,
          message: "item \"\(completion.key)\" was left open: \(completion.reason)"))
    }
    return findings
  }

  /// A plan must do nothing that stays, but for its own artifacts where a plugin is known for that.
  func plan() async -> [Finding] {
    let harness = harness { $0.isPlan = true }
    do {
      let record = try await harness.run()
      var findings = Finding.breaches(record)
      let leavesArtifacts = !record.artifacts.isEmpty && !planLeavesArtifacts
      if leavesArtifacts || !record.events.isEmpty || record.checkpoints != script.checkpoints {
        findings.append(
          Finding(
            rule: .plan,
            message: "in plan mode it left \(record.artifacts.count) artifacts, "
              + "\(record.events.count) events, or changed checkpoints"))
      }
      return findings
    } catch {
      return [Finding(rule: .plan, message: errorMessage(error))]
    }
  }
}
