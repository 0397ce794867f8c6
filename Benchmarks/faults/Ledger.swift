import Foundation

/// The file to which the plugin itself appends a line, and syncs it, for each item that it has done: `key attempt pid`.
struct Ledger {
  struct Line: Hashable {
    var key: String
    var attempt: Int
    var pid: Int
  }

  /// In the order in which they were written.
  var lines: [Line]

  init(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      lines = []
      return
    }
    lines = try String(decoding: data, as: UTF8.self).split(separator: "\n").map { text in
      let words = text.split(separator: " ")
      guard words.count == 3, let attempt = Int(words[1]), let pid = Int(words[2]) else {
        throw CampaignError("\(path): a line that no item wrote: \(text)")
      }
      return Line(key: String(words[0]), attempt: attempt, pid: pid)
    }
  }
}
