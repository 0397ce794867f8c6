import Foundation
import JobModel

/// Files that a person hands to a run: an event, a plan.
enum RunInput {
  /// The event's document. Throws `notFound`, `invalidData`.
  static func event(_ path: String) throws(CommandError) -> JSONValue {
    try JSONFile.read(path, as: "the event \(path)")
  }

  /// The text of a document with sorted keys, as a run keeps it.
  static func text(_ event: JSONValue?) throws -> String {
    guard let event else { return "" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(event), as: UTF8.self)
  }

  /// The override that has a plugin do what a plan says: `apply` with the path of a plan file. `plan` is that path (anything with
  /// a slash, or ending in `.json`), or the run that left it: its id, three or more letters of its beginning or end, `last`.
  /// Throws `notFound`, `usage`.
  static func applying(_ plan: String, artifacts: String) throws(CommandError) -> String {
    let path = try planFile(plan, artifacts: artifacts)
    return "apply=\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  private static func planFile(_ plan: String, artifacts: String) throws(CommandError) -> String {
    if plan.contains("/") || plan.hasSuffix(".json") {
      let path = Installation.absolute(plan)
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw CommandError(.notFound, "the plan \(path) is not there, or cannot be read")
      }
      return path
    }
    let runs: [String]
    do { runs = try FileManager.default.contentsOfDirectory(atPath: artifacts) } catch {
      throw CommandError(.notFound, "no run has left a plan in \(artifacts)")
    }
    // A run's id begins with its time.
    let planned = runs.sorted().filter { FileManager.default.isReadableFile(atPath: "\(artifacts)/\($0)/plan.json") }
    let found =
      plan == "last"
      ? Array(planned.suffix(1))
      : planned.filter { $0 == plan || plan.count >= 3 && ($0.hasPrefix(plan) || $0.hasSuffix(plan)) }
    guard found.count == 1 else {
      throw CommandError(
        .notFound,
        found.isEmpty ? "no run \(plan) has left a plan in \(artifacts)" : "\(found.count) runs that left a plan fit \(plan)")
    }
    return "\(artifacts)/\(found[0])/plan.json"
  }
}
