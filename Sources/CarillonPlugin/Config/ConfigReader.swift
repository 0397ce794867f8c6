import FoundationEssentials

/// A plugin's configuration: typed decoding that also finds the keys nobody asked for.
enum ConfigReader {
  /// The decoded value and a finding for each key that its type does not know. Throws `DecodingError`.
  static func read<Config: Decodable>(
    _ type: Config.Type, from json: [UInt8]
  ) throws -> (value: Config, unknown: [Diagnostic]) {
    let record = KeyRecord()
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    decoder.userInfo[.keyRecord] = record
    // No configuration at all is an empty one.
    let data = json.isEmpty ? Data("{}".utf8) : Data(json)
    do {
      return (try decoder.decode(Recorded<Config>.self, from: data).value, record.unknown)
    } catch let error as DecodingError {
      throw ConfigError(error, record)
    }
  }
}

/// Why a configuration could not be decoded, and where.
struct ConfigError: Error, CustomStringConvertible {
  let diagnostic: Diagnostic

  init(_ error: DecodingError, _ record: KeyRecord) {
    var (pointer, message) = decodingMessage(error)
    // A missing key and a misspelt one are most often the same key.
    if case .keyNotFound(let key, _) = error {
      let strangers = record.strangers(at: pointer)
      if let near = Spelling.nearest(to: key.stringValue, among: strangers) {
        message += "; is \"\(near)\" meant to be it?"
      }
    }
    diagnostic = .error(message, at: pointer)
  }

  var description: String {
    "config: \(diagnostic.pointer.isEmpty ? "" : diagnostic.pointer + ": ")\(diagnostic.message)"
  }
}
