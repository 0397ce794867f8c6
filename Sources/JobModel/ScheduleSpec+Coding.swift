/// What is as the default has it is not written, and what is not written is as the default has it.
extension ScheduleSpec: Codable {
  private enum CodingKeys: CodingKey {
    case name, expressions, format, zone, dst, start, end, exclusions, jitter, spread
  }

  private static let defaults = ScheduleSpec(name: "", expressions: [])

  package init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    var spec = ScheduleSpec(
      name: try fields.decode(String.self, forKey: .name),
      expressions: try fields.decode([String].self, forKey: .expressions),
      zone: try fields.decode(String.self, forKey: .zone))
    func read<Value: Decodable>(_ place: WritableKeyPath<Self, Value>, _ key: CodingKeys) throws {
      if let value = try fields.decodeIfPresent(Value.self, forKey: key) { spec[keyPath: place] = value }
    }
    try read(\.format, .format)
    try read(\.dst, .dst)
    try read(\.start, .start)
    try read(\.end, .end)
    try read(\.exclusions, .exclusions)
    try read(\.jitter, .jitter)
    try read(\.spread, .spread)
    self = spec
  }

  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    func write<Value: Encodable & Equatable>(_ place: KeyPath<Self, Value>, _ key: CodingKeys) throws {
      let value = self[keyPath: place]
      if value != Self.defaults[keyPath: place] { try fields.encode(value, forKey: key) }
    }
    try fields.encode(name, forKey: .name)
    try fields.encode(expressions, forKey: .expressions)
    try fields.encode(zone, forKey: .zone)
    try write(\.format, .format)
    try write(\.dst, .dst)
    try write(\.start, .start)
    try write(\.end, .end)
    try write(\.exclusions, .exclusions)
    try write(\.jitter, .jitter)
    try write(\.spread, .spread)
  }
}
