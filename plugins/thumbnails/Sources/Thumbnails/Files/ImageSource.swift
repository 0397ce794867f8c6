/// Where images come from. Calls may come from any thread and overlap.
package protocol ImageSource: Sendable {
  /// Names every file, folder by folder: the files of a folder in the order of their names' bytes, then its folders. With
  /// `after`, the path of a folder, that folder and those before it are left out. `visit` gets a folder's path and files.
  /// Throws `ThumbnailsError`, `CancellationError` and what `visit` throws.
  func list(
    after: String?, visit: (_ folder: String, _ files: [SourceFile]) async throws -> Void
  ) async throws

  /// The first `count` bytes of a file; fewer when it is shorter. Throws `ThumbnailsError`.
  func head(of file: SourceFile, count: Int) async throws -> [UInt8]

  /// A whole file. Throws `ThumbnailsError.sourceChanged` when it is no longer as it was listed.
  func read(_ file: SourceFile) async throws -> [UInt8]

  /// Takes what could not be listed since the last call, for the log.
  func takeProblems() -> [String]
}
