/// What an applying run does. Without it a run only looks.
package struct ApplyConfig: Decodable, Hashable, Sendable {
  /// What of a function may be set.
  package enum Part: String, Decodable, Hashable, Sendable, CaseIterable {
    case memory, timeout
  }

  /// The `plan.json` that an earlier run left. An absolute path.
  package var plan: String
  /// An older plan is refused. Days; default 7.
  package var maxAgeDays: Int
  /// Default both.
  package var parts: Set<Part>
  /// What is less sure is left out. Default `medium`.
  package var confidence: Recommendation.Confidence

  package init(plan: String, maxAgeDays: Int = 7, parts: Set<Part> = [.memory, .timeout], confidence: Recommendation.Confidence = .medium) {
    self.plan = plan
    self.maxAgeDays = maxAgeDays
    self.parts = parts
    self.confidence = confidence
  }

  private enum CodingKeys: String, CodingKey {
    case plan, parts, confidence
    case maxAgeDays = "max_age_days"
  }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    self.init(plan: try keys.decode(String.self, forKey: .plan))
    maxAgeDays = try keys.decodeIfPresent(Int.self, forKey: .maxAgeDays) ?? maxAgeDays
    parts = try keys.decodeIfPresent(Set<Part>.self, forKey: .parts) ?? parts
    confidence = try keys.decodeIfPresent(Recommendation.Confidence.self, forKey: .confidence) ?? confidence
  }
}
