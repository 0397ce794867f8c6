import ControlAPI
import Foundation

/// How log lines are printed.
struct LogFormat: Sendable {
  var isJSON: Bool
  var console: Console

  func line(_ line: LogDocument) -> String {
    if isJSON {
      do throws(CommandError) {
        return try JSONOutput.line(line)
      } catch {
        return note(error.message)
      }
    }
    let time = line.at.dropFirst(11).dropLast()
    let level = line.level.uppercased().padding(toLength: 7, withPad: " ", startingAt: 0)
    let color: Console.Color = line.level == "error" ? .red : line.level == "warning" ? .yellow : .dim
    let item = line.item.map { "[\(Words.printable($0))] " } ?? ""
    let source = line.source == "log" || line.source == "engine" ? "" : "\(line.source): "
    return "\(time) \(console.colored(level, color)) \(item)\(source)\(Words.printable(line.message))"
  }

  /// A remark of this program's own among the lines.
  func note(_ text: String) -> String {
    guard isJSON else { return "… \(text)" }
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return "{\"message\":\"\(escaped)\",\"type\":\"note\"}"
  }
}
