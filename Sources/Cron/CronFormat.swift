/// How many fields an expression has. The raw value is what a job file's `fields` says.
public enum CronFormat: Int, Sendable, Codable, Hashable, CaseIterable {
  case minutes = 5
  case seconds = 6
  case secondsAndYear = 7
}
