/// What came of reading a foreign table of jobs: job files as texts, and everything that a person should know of them.
package struct Import: Hashable, Sendable {
  /// One job, as a file.
  package struct Job: Hashable, Sendable {
    /// The job's name, and its file's without `.yaml`. Unique in the import.
    package var name: String
    package var yaml: String
    /// Where it was read.
    package var file: String
    package var line: Int
  }

  /// In the order in which they were read. What is broken has none.
  package internal(set) var jobs: [Job] = []

  /// In the order in which they were read.
  package internal(set) var notes: [ImportNote] = []

  package init() {}

  /// The lines that could not be read.
  package var broken: [ImportNote] { notes.filter(\.isBroken) }
}

/// Something that was not carried over, or was carried over otherwise.
package struct ImportNote: Hashable, Sendable, CustomStringConvertible {
  package var file: String
  /// From 1.
  package var line: Int
  /// The line gives no job at all.
  package var isBroken: Bool
  package var message: String

  package var description: String { "\(file):\(line): \(isBroken ? "error" : "note"): \(message)" }
}

/// Why one line gives no job.
struct ImportError: Error {
  var message: String

  init(_ message: String) { self.message = message }
}
