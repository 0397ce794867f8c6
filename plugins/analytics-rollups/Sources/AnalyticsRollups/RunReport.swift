import RollupTables

/// What a run came to: the report of `carillon run show`.
struct RunReport: Codable, Hashable, Sendable {
  /// Items that read, that had nothing to read anew, and that failed.
  var read: Int
  var unchanged: Int
  var failed: Int
  /// What the tables are made of.
  var ranges: Int
  /// Ranges that have too many malformed lines, and count for nothing.
  var rejected: Int
  var malformedLines: Int64
  /// Left out: the tables were up to date already.
  var users: Int64?
  var events: Int64?
  var duplicates: Int64?
  var archivedFilesRemoved: Int?
  var tables: String
}
