/// A file that a run left.
package struct ArtifactDocument: Codable, Hashable, Sendable {
  package var name: String
  package var mediaType: String
  package var bytes: Int64
  package var createdAt: String
  /// On the daemon's machine.
  package var path: String

  package init(name: String, mediaType: String, bytes: Int64, createdAt: String, path: String) {
    self.name = name
    self.mediaType = mediaType
    self.bytes = bytes
    self.createdAt = createdAt
    self.path = path
  }
}

/// A line of a run's log.
package struct LogDocument: Codable, Hashable, Sendable {
  package var type = "log"
  package var at: String
  package var level: String
  package var item: String?
  package var pid: Int
  /// `log` (the plugin's logger), `stdout`, `stderr`, `engine`.
  package var source: String
  package var message: String

  package init(at: String, level: String, item: String?, pid: Int, source: String, message: String) {
    self.at = at
    self.level = level
    self.item = item
    self.pid = pid
    self.source = source
    self.message = message
  }
}

/// A part of a run's log.
package struct LogPage: Codable, Hashable, Sendable {
  package var lines: [LogDocument]
  /// The byte of the file at which the next page begins.
  package var next: Int64
  /// The run goes on, so more may come.
  package var isOpen: Bool

  package init(lines: [LogDocument], next: Int64, isOpen: Bool) {
    self.lines = lines
    self.next = next
    self.isOpen = isOpen
  }
}
