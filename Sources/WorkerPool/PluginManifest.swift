import Foundation

/// What a plugin says of itself: the JSON document that its `describe` returns.
package struct PluginManifest: Hashable, Sendable, Codable {
  /// `[a-z0-9-]+`; what a job file names.
  package var id: String
  package var version: String
  package var summary: String?
  /// Items that one process is given at a time: 1 … 4,096. Default 1.
  package var maxInFlight: Int
  /// Default number of processes; 0: one for each core.
  package var workers: Int
  /// Default time limit of one attempt. 0: none. Default 300 s.
  package var itemTimeout: Duration

  private enum CodingKeys: String, CodingKey {
    case id, version, summary, workers
    case maxInFlight = "max_in_flight"
    case itemTimeoutSeconds = "item_timeout_s"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decode(String.self, forKey: .id)
    version = try container.decode(String.self, forKey: .version)
    summary = try container.decodeIfPresent(String.self, forKey: .summary)
    maxInFlight = try container.decodeIfPresent(Int.self, forKey: .maxInFlight) ?? 1
    workers = try container.decodeIfPresent(Int.self, forKey: .workers) ?? 0
    let seconds = try container.decodeIfPresent(Double.self, forKey: .itemTimeoutSeconds) ?? 300
    guard seconds >= 0, seconds <= 31_536_000 else {
      throw DecodingError.dataCorruptedError(
        forKey: .itemTimeoutSeconds, in: container, debugDescription: "must be 0 to 31536000")
    }
    itemTimeout = .microseconds(Int64(seconds * 1_000_000))
    guard !id.isEmpty, id.utf8.count <= 64,
      id.utf8.allSatisfy({ byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || byte == UInt8(ascii: "-")
      })
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .id, in: container, debugDescription: "must be lower-case letters, digits and hyphens")
    }
    guard (1...4_096).contains(maxInFlight) else {
      throw DecodingError.dataCorruptedError(
        forKey: .maxInFlight, in: container, debugDescription: "must be 1 to 4096, is \(maxInFlight)")
    }
    guard (0...256).contains(workers) else {
      throw DecodingError.dataCorruptedError(
        forKey: .workers, in: container, debugDescription: "must be 0 to 256, is \(workers)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(version, forKey: .version)
    try container.encodeIfPresent(summary, forKey: .summary)
    try container.encode(maxInFlight, forKey: .maxInFlight)
    try container.encode(workers, forKey: .workers)
    try container.encode(Double(itemTimeout.components.seconds), forKey: .itemTimeoutSeconds)
  }

  /// Reads a manifest. Throws `manifest`, naming the key that is wrong.
  package static func parse(_ json: [UInt8], of path: String) throws(WorkerPoolError) -> PluginManifest {
    do {
      return try JSONDecoder().decode(PluginManifest.self, from: Data(json))
    } catch let error as DecodingError {
      throw WorkerPoolError(.manifest, "\(path): its manifest is not valid: \(Self.explain(error))")
    } catch {
      throw WorkerPoolError(.manifest, "\(path): its manifest is not valid: \(error)")
    }
  }

  private static func explain(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "\"\(key.stringValue)\" is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is no JSON object"
        : "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\": \(context.debugDescription)"
    @unknown default: "\(error)"
    }
  }
}
