import Foundation
import JobModel

/// Numbers, times and texts as people read them.
enum Words {
  /// `12,345`.
  static func count(_ number: Int) -> String {
    var digits = Array(String(abs(number)))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return (number < 0 ? "-" : "") + String(digits)
  }

  /// `1 item`, `12,345 items`.
  static func count(_ number: Int, _ noun: String) -> String { "\(count(number)) \(noun)\(number == 1 ? "" : "s")" }

  /// `850 µs`, `12 ms`, `3.4 s`, `2m 05s`, `3h 07m`, `5d 3h`.
  static func duration(_ duration: Duration) -> String {
    let seconds = duration.inSeconds
    switch seconds {
    case ..<0.001: return "\(Int(seconds * 1_000_000)) µs"
    case ..<1: return "\(Int(seconds * 1_000)) ms"
    case ..<60: return String(format: "%.1f s", seconds)
    case ..<3_600: return String(format: "%dm %02ds", Int(seconds) / 60, Int(seconds) % 60)
    case ..<86_400: return String(format: "%dh %02dm", Int(seconds) / 3_600, Int(seconds) / 60 % 60)
    default: return "\(Int(seconds) / 86_400)d \(Int(seconds) / 3_600 % 24)h"
    }
  }

  /// `3 min ago`, `in 20 s`, `just now`.
  static func relative(_ instant: Timestamp, to now: Timestamp) -> String {
    let seconds = Int((now - instant).inSeconds)
    let (size, isPast) = (abs(seconds), seconds >= 0)
    let text: String
    switch size {
    case ..<2: return "just now"
    case ..<60: text = "\(size) s"
    case ..<3_600: text = "\(size / 60) min"
    case ..<172_800: text = "\(size / 3_600) h"
    default: text = "\(size / 86_400) days"
    }
    return isPast ? "\(text) ago" : "in \(text)"
  }

  /// `2026-11-23 07:45:12Z (3 min ago)`.
  static func instant(_ instant: Timestamp, now: Timestamp) -> String {
    let text = instant.iso8601
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))Z (\(relative(instant, to: now)))"
  }

  /// Text from elsewhere made fit for a terminal: one line, control characters spelt out.
  static func printable(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\t": result += " "
      case _
      where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value)
        || (0x200e...0x200f).contains(scalar.value) || (0x202a...0x202e).contains(scalar.value)
        || (0x2066...0x2069).contains(scalar.value):
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `completed with failures`.
  static func state(_ state: RunState) -> String {
    state == .completedWithFailures ? "completed with failures" : state.name
  }
}
