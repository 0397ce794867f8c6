import Foundation

/// The file to which the plugin itself appends a line, and syncs it, for each item that it has done: `key attempt pid`, and behind
/// it, where the lines of many runs are in one file, `job due`.
struct Ledger {
  struct Line: Hashable {
    var key: String
    var attempt: Int
    var pid: Int
    /// What it was done for; nil: the line does not say.
    var instant: Instant?
  }

  /// An instant of a job's schedule, in microseconds since 1970; 0: the run stands for none.
  struct Instant: Hashable {
    var job: String
    var due: Int
  }

  /// In the order in which they were written.
  var lines: [Line]

  init(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      lines = []
      return
    }
    lines = try String(decoding: data, as: UTF8.self).split(separator: "\n").map { text in
      guard let line = Line(text) else { throw CampaignError("\(path): a line that no item wrote: \(text)") }
      return line
    }
  }
}

extension Ledger.Line {
  fileprivate init?(_ text: Substring) {
    let words = text.split(separator: " ")
    guard words.count == 3 || words.count == 5, let attempt = Int(words[1]), let pid = Int(words[2]) else { return nil }
    self.init(key: String(words[0]), attempt: attempt, pid: pid)
    guard words.count == 5 else { return }
    guard let due = Int(words[4]) else { return nil }
    instant = Ledger.Instant(job: String(words[3]), due: due)
  }
}
