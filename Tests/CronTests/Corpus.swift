import Cron
import Foundation
import Testing

/// The tables of expressions and instants beside the checkout, where there are some.
enum Corpus {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/corpus/cron")
    .standardizedFileURL
  static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "agree.jsonl").path)
  static let absence: Comment = "no ../shared/corpus/cron beside the checkout"

  struct Row: Decodable, Sendable {
    var expr: String
    var fields: Int
    var tz: String
    var from: String
    var next: [String?]
    var inclusive: Bool
    var src: String?
  }

  struct Invalid: Decodable, Sendable {
    var expr: String
    var fields: Int
    var error_field: String
  }

  static func rows<T: Decodable>(_ name: String) throws -> [T] {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return try text.split(separator: "\n").map { try JSONDecoder().decode(T.self, from: Data($0.utf8)) }
  }

  /// `2025-03-30T01:55:00+01:00`, in seconds of UTC since 1970.
  static func second(_ text: String) throws -> Int64 {
    let local = try LocalTime(String(text.prefix(19)))
    let rest = text.dropFirst(19)
    if rest == "Z" { return local.ordinal }
    let parts = rest.dropFirst().split(separator: ":").compactMap { Int64($0) }
    try #require(parts.count >= 2 && (rest.first == "+" || rest.first == "-"), "\(text) has no offset")
    let offset = parts[0] * 3_600 + parts[1] * 60 + (parts.count > 2 ? parts[2] : 0)
    return local.ordinal - (rest.first == "-" ? -offset : offset)
  }
}

/// Zones, each read once.
final class Zones {
  private var loaded: [String: ZoneRules] = ["UTC": .utc]

  func callAsFunction(_ name: String) throws -> ZoneRules {
    if let zone = loaded[name] { return zone }
    let zone = try ZoneRules.load(name)
    loaded[name] = zone
    return zone
  }
}
