import FoundationEssentials

/// The two dialects of JSON the SDK writes.
///
/// Documents (config, output, effect, event, report, checkpoint) are read by people: ISO 8601 dates. Payloads go from the
/// plugin to itself: dates keep their full precision as numbers.
package enum JSON {
  private static let documentEncoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
    return encoder
  }()

  static let documentDecoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }()

  static let payloadEncoder: JSONEncoder = {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.withoutEscapingSlashes]
    return encoder
  }()

  static let payloadDecoder = JSONDecoder()

  package static func document(_ value: some Encodable) throws -> [UInt8] {
    [UInt8](try documentEncoder.encode(value))
  }

  package static func document<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8]
  ) throws -> Value {
    try documentDecoder.decode(type, from: Data(bytes))
  }
}

extension JSON {
  /// Whether `bytes` are one JSON document.
  package static func isValid(_ bytes: [UInt8]) -> Bool {
    struct Anything: Decodable {
      init(from decoder: any Decoder) {}
    }
    do {
      _ = try document(Anything.self, from: bytes)
      return true
    } catch {
      return false
    }
  }
}
