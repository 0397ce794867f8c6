import Foundation

/// A request that another process left as a small file.
enum RequestFile {
  /// What the file says, at most 1,000 characters, and removes it; nil when there is none.
  static func take(_ path: String) -> String? {
    guard access(path, F_OK) == 0, let data = FileManager.default.contents(atPath: path) else { return nil }
    unlink(path)
    let text = String(decoding: data.prefix(1_000), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty ? "cancelled by a person" : text
  }
}
