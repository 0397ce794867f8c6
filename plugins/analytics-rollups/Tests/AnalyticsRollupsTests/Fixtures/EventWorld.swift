import Foundation
import Seeded

/// Random events that have everything in them that makes rollups go wrong: bursts, travellers, large purchases, sessions that take a
/// purchase's way, instants in common, hours around changes of the clocks.
struct EventWorld {
  private var random: SplitMix
  private var serial = 0

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  /// 2026-10-01T00:00:00Z, in milliseconds; the span holds the end of Europe's summer time.
  static let start: Int64 = 1_790_812_800_000
  static let span: Int64 = 45 * 86_400_000

  mutating func lines(_ count: Int, users: Int = 150) -> [String] {
    var lines: [String] = []
    while lines.count < count {
      let user = Int.random(in: 0..<Int.random(in: 1...users, using: &random), using: &random)
      let at = Self.start + Int64.random(in: 0..<Self.span, using: &random)
      switch Int.random(in: 0..<100, using: &random) {
      case 0: lines += burst(user, at)
      case 1..<6: lines += journey(user, at)
      default:
        // To the second, so that some share an instant.
        lines.append(line(user, at / 1_000 * 1_000, type(), session: "s\(user)-\(at / 3_600_000)"))
      }
    }
    return lines
  }

  private mutating func type() -> String {
    ["page_view", "page_view", "page_view", "click", "click", "purchase", "signup", "search"].randomElement(using: &random)!
  }

  private mutating func burst(_ user: Int, _ start: Int64) -> [String] {
    let length = Int.random(in: 45...70, using: &random)
    return (0..<length).map { _ in
      let at = start + Int64.random(in: 0..<300_000, using: &random)
      return line(user, at, Bool.random(using: &random) ? "page_view" : "click", session: "b\(user)-\(start)")
    }
  }

  private mutating func journey(_ user: Int, _ start: Int64) -> [String] {
    var at = start
    return ["page_view", "click", "signup", "purchase"].prefix(Int.random(in: 1...4, using: &random)).map { step in
      at += Int64.random(in: 0...60_000, using: &random)
      return line(user, at, step, session: "j\(user)-\(start)")
    }
  }

  private mutating func line(_ user: Int, _ at: Int64, _ type: String, session: String) -> String {
    serial += 1
    var properties = "\"page\":\"/p/\(serial % 97)\""
    if type == "purchase" {
      let cents = Int.random(in: 0..<20, using: &random) == 0 ? 1_000_001 : Int.random(in: 0..<90_000, using: &random)
      properties += ",\"amount\":\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)"
    }
    let country = ["DE", "DE", "DE", "DE", "US", "FR", "ÖE"].randomElement(using: &random)!
    if Int.random(in: 0..<20, using: &random) > 0 { properties += ",\"location\":{\"country\":\"\(country)\",\"city\":\"x\"}" }
    return """
      {"event_id":"e\(serial)","user_id":"u\(user)","event_type":"\(type)","timestamp":"\(Self.text(at))",\
      "session_id":"\(session)","properties":{\(properties)}}
      """
  }

  static func text(_ milliseconds: Int64) -> String {
    let fraction = String(milliseconds % 1_000 + 1_000).dropFirst()
    let seconds = Date(timeIntervalSince1970: Double(milliseconds / 1_000)).formatted(.iso8601)
    return seconds.dropLast() + ".\(fraction)Z"
  }

  mutating func shuffled(_ lines: [String]) -> [String] { lines.shuffled(using: &random) }

  /// Cuts lines into so many pieces, of any length.
  mutating func cut(_ lines: [String], into count: Int) -> [ArraySlice<String>] {
    let cuts = ([0, lines.count] + (1..<count).map { _ in Int.random(in: 0...lines.count, using: &random) }).sorted()
    return zip(cuts, cuts.dropFirst()).map { lines[$0..<$1] }
  }
}
