import Foundation
import JobModel

/// Lets a person change an item's payload in their editor.
enum PayloadEditor {
  /// The new payload. One that was JSON must stay JSON. Throws `invalidData`, keeping what was written, and `notFound` when
  /// there is no editor.
  static func edit(_ payload: [UInt8]) throws(CommandError) -> [UInt8] {
    guard let text = String(validating: payload, as: UTF8.self) else {
      throw CommandError(.invalidData, "the payload is not text and cannot be edited")
    }
    let isJSON = pretty(text) != nil
    let file = "\(NSTemporaryDirectory())/carillon-payload-\(getpid()).json"
    do {
      try Data(((pretty(text) ?? text) + "\n").utf8).write(to: URL(fileURLWithPath: file))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    } catch {
      throw CommandError(.cannotCreate, "cannot write \(file): \(error.localizedDescription)")
    }
    try open(file)
    let edited: String
    do {
      edited = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw CommandError(.storage, "cannot read \(file): \(error.localizedDescription)")
    }
    if isJSON {
      guard let compact = compact(edited) else {
        throw CommandError(.invalidData, "what you wrote is not valid JSON; it is kept in \(file), and nothing was changed")
      }
      unlink(file)
      return Array(compact.utf8)
    }
    unlink(file)
    return Array(edited.utf8)
  }

  private static func open(_ file: String) throws(CommandError) {
    let environment = ProcessInfo.processInfo.environment
    let editor = [environment["VISUAL"], environment["EDITOR"]].lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exec \(editor) \"$1\"", "sh", file]
    do {
      try process.run()
    } catch {
      throw CommandError(.notFound, "cannot start /bin/sh for the editor: \(error.localizedDescription)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      unlink(file)
      throw CommandError(
        .notFound, "the editor \"\(editor)\" ended with code \(process.terminationStatus); nothing was changed")
    }
  }

  private static func pretty(_ text: String) -> String? { encode(text, [.prettyPrinted]) }
  private static func compact(_ text: String) -> String? { encode(text, []) }

  private static func encode(_ text: String, _ formatting: JSONEncoder.OutputFormatting) -> String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    do {
      let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
      return JSONOutput.closingUp(String(decoding: try encoder.encode(value), as: UTF8.self))
    } catch {
      return nil  // no JSON: the caller says so
    }
  }
}
