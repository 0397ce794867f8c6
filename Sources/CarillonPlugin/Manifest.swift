/// What a plugin is and what it can bear. Static: the same for every configuration.
public struct Manifest: Hashable, Sendable {
  /// The plugin's name in job files: `[a-z0-9-]+`.
  public var id: String

  /// The plugin's own version, as people are shown it.
  public var version: String

  /// One line for listings. Default: none.
  public var summary: String?

  /// How many items one process is given, and works on, at a time. 1...4096; default 1.
  public var maxInFlight: Int

  /// How many processes a job gets when it does not say. Default 0: one for each core.
  public var workers: Int

  /// How long one attempt may take before it is cancelled. Whole seconds; default 300 s.
  public var itemTimeout: Duration

  public init(
    id: String, version: String, summary: String? = nil, maxInFlight: Int = 1, workers: Int = 0,
    itemTimeout: Duration = .seconds(300)
  ) {
    self.id = id
    self.version = version
    self.summary = summary
    self.maxInFlight = maxInFlight
    self.workers = workers
    self.itemTimeout = itemTimeout
  }
}

extension Manifest: Codable {
  private enum CodingKeys: String, CodingKey {
    case id
    case version
    case summary
    case maxInFlight = "max_in_flight"
    case workers
    case itemTimeoutSeconds = "item_timeout_s"
  }

  public init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try keys.decode(String.self, forKey: .id),
      version: try keys.decode(String.self, forKey: .version),
      summary: try keys.decodeIfPresent(String.self, forKey: .summary),
      maxInFlight: try keys.decodeIfPresent(Int.self, forKey: .maxInFlight) ?? 1,
      workers: try keys.decodeIfPresent(Int.self, forKey: .workers) ?? 0,
      itemTimeout: .seconds(try keys.decodeIfPresent(Int64.self, forKey: .itemTimeoutSeconds) ?? 300))
  }

  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(id, forKey: .id)
    try keys.encode(version, forKey: .version)
    try keys.encodeIfPresent(summary, forKey: .summary)
    try keys.encode(maxInFlight, forKey: .maxInFlight)
    try keys.encode(workers, forKey: .workers)
    // A timeout below a second still means a timeout, so it is rounded up.
    let (seconds, attoseconds) = itemTimeout.components
    try keys.encode(seconds + (attoseconds > 0 ? 1 : 0), forKey: .itemTimeoutSeconds)
  }
}
