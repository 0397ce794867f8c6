/// What a schedule does where the zone's clock is changed.
public enum DSTPolicy: String, Sendable, Codable, CaseIterable {
  case debian, literal, skip
}
