/// What is as the default has it is not written, and what is not written is as the default has it: the text is kept with every run.
extension JobDefinition: Codable {
  private enum CodingKeys: CodingKey {
    case name, summary, plugin, config, priority, workers, concurrency, rateLimit, retry, timeouts, failureBudget, unique,
      breaker
    case limits, schedules, catchUp, overlap, afterPause
  }

  private static let defaults = JobDefinition(name: "", plugin: "")

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    var job = JobDefinition(
      name: try fields.decode(String.self, forKey: .name), plugin: try fields.decode(String.self, forKey: .plugin))
    func read<Value: Decodable>(_ place: WritableKeyPath<Self, Value>, _ key: CodingKeys) throws {
      if let value = try fields.decodeIfPresent(Value.self, forKey: key) { job[keyPath: place] = value }
    }
    try read(\.summary, .summary)
    try read(\.config, .config)
    try read(\.priority, .priority)
    try read(\.workers, .workers)
    try read(\.concurrency, .concurrency)
    try read(\.rateLimit, .rateLimit)
    try read(\.retry, .retry)
    try read(\.timeouts, .timeouts)
    try read(\.failureBudget, .failureBudget)
    try read(\.unique, .unique)
    try read(\.breaker, .breaker)
    try read(\.limits, .limits)
    try read(\.schedules, .schedules)
    try read(\.catchUp, .catchUp)
    try read(\.overlap, .overlap)
    try read(\.afterPause, .afterPause)
    self = job
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    func write<Value: Encodable & Equatable>(_ place: KeyPath<Self, Value>, _ key: CodingKeys) throws {
      let value = self[keyPath: place]
      if value != Self.defaults[keyPath: place] { try fields.encode(value, forKey: key) }
    }
    try fields.encode(name, forKey: .name)
    try fields.encode(plugin, forKey: .plugin)
    try write(\.summary, .summary)
    try write(\.config, .config)
    try write(\.priority, .priority)
    try write(\.workers, .workers)
    try write(\.concurrency, .concurrency)
    try write(\.rateLimit, .rateLimit)
    try write(\.retry, .retry)
    try write(\.timeouts, .timeouts)
    try write(\.failureBudget, .failureBudget)
    try write(\.unique, .unique)
    try write(\.breaker, .breaker)
    try write(\.limits, .limits)
    try write(\.schedules, .schedules)
    try write(\.catchUp, .catchUp)
    try write(\.overlap, .overlap)
    try write(\.afterPause, .afterPause)
  }
}
