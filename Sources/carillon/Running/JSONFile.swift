import Foundation
import JobModel

/// A JSON document in a file that a person named.
enum JSONFile {
  /// - Parameter name: what the file is, for errors: `the event /tmp/e.json`.
  /// Throws `notFound` where it cannot be read, `invalidData` where it is no JSON.
  static func read(_ path: String, as name: String) throws(CommandError) -> JSONValue {
    let data: Data
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(name, String(cString: strerror(errno))) }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do { data = try file.readToEnd() ?? Data() } catch { throw unreadable(name, words(for: error)) }
    guard !data.isEmpty else { throw CommandError(.invalidData, "\(name) is empty, no JSON document") }
    do { return try JSONDecoder().decode(JSONValue.self, from: data) } catch {
      throw CommandError(.invalidData, "\(name) is not a JSON document\(fault(in: data))")
    }
  }

  private static func unreadable(_ name: String, _ why: String) -> CommandError {
    CommandError(.notFound, "\(name) cannot be read: \(why)")
  }

  private static func words(for error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    return cause.map { String(cString: strerror(Int32($0.code))) } ?? error.localizedDescription
  }

  /// What the decoder does not tell: `: Invalid value around character 15`.
  private static func fault(in data: Data) -> String {
    do { _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed) } catch {
      let words = (error as NSError).userInfo[NSDebugDescriptionErrorKey] as? String
      return words.map { ": " + $0.trimmingCharacters(in: ["."]) } ?? ""
    }
    return ""
  }
}
