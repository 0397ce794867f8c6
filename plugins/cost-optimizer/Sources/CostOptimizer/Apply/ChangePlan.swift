import Crypto
import FoundationEssentials

/// What could be changed, as an analysis found it: the file between a run that looks and a run that applies.
package struct ChangePlan: Codable, Hashable, Sendable {
  /// One setting of a function.
  package struct Part: Codable, Hashable, Sendable {
    /// What it was: it is changed only while it still is.
    package var from: Int
    package var to: Int
    /// US dollars a month.
    package var saving: Double
    package var confidence: Recommendation.Confidence
    package var reason: String
  }

  /// One function. The payload of an applying run's item.
  package struct Change: Codable, Hashable, Sendable {
    package var function: String
    package var arn: String
    /// MB.
    package var memory: Part?
    /// Seconds.
    package var timeout: Part?

    package var parts: [Part] { [memory, timeout].compactMap(\.self) }
  }

  package static let currentVersion = 1

  package var version = currentVersion
  package var region: String
  /// Seconds since 1970.
  package var madeAt: Int
  package var changes: [Change]
  /// SHA-256 of all the rest, so that a plan is applied as it was made.
  package var hash = ""

  package init(region: String, madeAt: Int, changes: [Change]) {
    self.region = region
    self.madeAt = madeAt
    self.changes = changes
  }

  /// One change a function, of whatever its recommendations would set, in the order of the report.
  package init(_ report: AccountReport) {
    self.init(region: report.region, madeAt: report.window.to, changes: report.measured.compactMap(Self.change))
  }

  private static func change(_ report: FunctionReport) -> Change? {
    var change = Change(function: report.function.name, arn: report.function.arn)
    for advice in report.recommendations {
      func part(_ from: Int, _ to: Int) -> Part {
        Part(from: from, to: to, saving: advice.saving, confidence: advice.confidence, reason: advice.reason)
      }
      if let to = advice.change?.memoryMB { change.memory = part(report.function.memoryMB, to) }
      if let to = advice.change?.timeoutSeconds { change.timeout = part(report.function.timeoutSeconds, to) }
    }
    return change.parts.isEmpty ? nil : change
  }

  /// As it is written: readable, with its hash.
  package func file() throws -> [UInt8] {
    var sealed = self
    sealed.hash = try contentHash()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(sealed)) + [0x0A]
  }

  /// Reads the plan at `path`, and leaves out what may not be applied. Throws `CostOptimizerError.plan`.
  package static func read(
    _ path: String, _ applying: Applying, region: String, now: Int
  ) throws(CostOptimizerError) -> ChangePlan {
    var plan: ChangePlan
    let expected: String
    do {
      plan = try JSONDecoder().decode(ChangePlan.self, from: Data(contentsOf: URL(filePath: path)))
      expected = try plan.contentHash()
    } catch {
      throw CostOptimizerError(.plan, "the plan \(path) cannot be read: \(error)")
    }
    guard plan.version == currentVersion else {
      throw CostOptimizerError(.plan, "the plan \(path) is of version \(plan.version); this plugin reads \(currentVersion)")
    }
    guard plan.hash == expected else {
      throw CostOptimizerError(.plan, "the plan \(path) was changed since it was made: make a new one")
    }
    guard plan.region == region else {
      throw CostOptimizerError(.plan, "the plan \(path) is for \(plan.region), the job for \(region)")
    }
    guard now - plan.madeAt <= applying.maxAgeDays * 86_400 else {
      let days = (now - plan.madeAt) / 86_400
      throw CostOptimizerError(.plan, "the plan \(path) is \(days) days old, and at most \(applying.maxAgeDays) are allowed")
    }
    plan.changes = plan.changes.compactMap { change in
      var change = change
      if !applying.takes(change.memory, .memory) { change.memory = nil }
      if !applying.takes(change.timeout, .timeout) { change.timeout = nil }
      return change.parts.isEmpty ? nil : change
    }
    return plan
  }

  private func contentHash() throws -> String {
    var bare = self
    bare.hash = ""
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return SHA256.hash(data: try encoder.encode(bare)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

extension Applying {
  fileprivate func takes(_ part: ChangePlan.Part?, _ kind: Part) -> Bool {
    part.map { parts.contains(kind) && $0.confidence >= confidence } ?? false
  }
}
