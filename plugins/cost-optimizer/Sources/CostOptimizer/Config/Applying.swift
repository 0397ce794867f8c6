/// What of a plan a job may apply. Says nothing of whether it does: that is `CostConfig.apply`.
package struct Applying: Decodable, Hashable, Sendable {
  /// What of a function may be set.
  package enum Part: String, Decodable, Hashable, Sendable, CaseIterable {
    case memory, timeout
  }

  /// Default both.
  package var parts: Set<Part> = [.memory, .timeout]
  /// What is less sure is left out. Default `medium`.
  package var confidence = Recommendation.Confidence.medium
  /// An older plan is refused. Days; default 7.
  package var maxAgeDays = 7

  package init() {}

  private enum CodingKeys: CodingKey {
    case parts, confidence, maxAgeDays
  }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    parts = try keys.decodeIfPresent(Set<Part>.self, forKey: .parts) ?? parts
    confidence = try keys.decodeIfPresent(Recommendation.Confidence.self, forKey: .confidence) ?? confidence
    maxAgeDays = try keys.decodeIfPresent(Int.self, forKey: .maxAgeDays) ?? maxAgeDays
  }
}
