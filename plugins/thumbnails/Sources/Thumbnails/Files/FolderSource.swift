import Synchronization

/// A folder on this machine as a source of images. Symbolic links are listed as special and never followed, so that nothing
/// outside of the folder is read and no walk runs in circles.
package final class FolderSource: ImageSource {
  private let root: String

  /// Folders below the root that are left out: absolute, without links.
  private let leftOut: Set<String>

  /// What could not be listed, for the log. Grows while `list` runs.
  private let problems = Mutex<[String]>([])

  /// Throws `ThumbnailsError` when the folder is not there.
  package init(_ folder: String, leavingOut: [String] = []) throws(ThumbnailsError) {
    guard let root = try SystemFile.resolved(folder) else {
      throw ThumbnailsError(.system, "the source folder \(folder) does not exist")
    }
    self.root = root
    var leftOut: Set<String> = []
    for other in leavingOut {
      // One that is not there yet may be made while the walk goes on.
      let path = try SystemFile.resolved(other) ?? other
      if path != root { leftOut.insert(path) }
    }
    self.leftOut = leftOut
  }

  /// Takes the problems that were met since the last call.
  package func takeProblems() -> [String] {
    problems.withLock { list in
      defer { list = [] }
      return list
    }
  }

  package func list(
    after: String?, visit: (_ folder: String, _ files: [SourceFile]) async throws -> Void
  ) async throws {
    var waiting = [""]
    while let folder = waiting.popLast() {
      try Task.checkCancellation()
      let (files, folders) = try entries(of: folder)
      // Folders to come: the first by name is popped first.
      waiting += folders.reversed()
      if let after, !FolderSource.precedes(after, folder) { continue }
      if !files.isEmpty { try await visit(folder, files) }
    }
  }

  /// The order of `list`: a folder before those in it, its parts by their bytes.
  static func precedes(_ a: String, _ b: String) -> Bool {
    a.split(separator: "/").lexicographicallyPrecedes(b.split(separator: "/")) {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  private func entries(of folder: String) throws(ThumbnailsError) -> (files: [SourceFile], folders: [String]) {
    let listing: (names: [String], unreadable: Int)
    do {
      listing = try SystemFile.names(in: absolute(folder))
    } catch {
      // The root has to be readable. A folder below it may be closed to us, or gone since it was listed.
      guard !folder.isEmpty else { throw error }
      note(error.message)
      return ([], [])
    }
    if listing.unreadable > 0 {
      note("\(listing.unreadable) names in \(absolute(folder)) are not UTF-8 and were left out")
    }
    var files: [SourceFile] = []
    var folders: [String] = []
    for name in listing.names where !name.hasPrefix(FolderDestination.temporaryPrefix) {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      guard let status = try SystemFile.status(absolute(path)) else { continue }
      switch status.kind {
      case .folder:
        if !leftOut.contains(absolute(path)) { folders.append(path) }
      case .file, .special:
        files.append(
          SourceFile(
            path: path, size: status.size, modifiedUs: status.modifiedUs,
            isSpecial: status.kind == .special))
      }
    }
    return (files, folders)
  }

  package func head(of file: SourceFile, count: Int) async throws -> [UInt8] {
    try readPart(of: file, limit: count).bytes
  }

  package func read(_ file: SourceFile) async throws -> [UInt8] {
    let (bytes, status) = try readPart(of: file, limit: Int(file.size))
    guard status.size == file.size, status.modifiedUs == file.modifiedUs, bytes.count == file.size
    else {
      throw ThumbnailsError(.sourceChanged, "\(file.path) has changed since it was listed; the next run takes it")
    }
    return bytes
  }

  private func readPart(
    of file: SourceFile, limit: Int
  ) throws(ThumbnailsError) -> (bytes: [UInt8], status: SystemFile.Status) {
    guard let part = try SystemFile.read(absolute(file.path), limit: limit) else {
      throw ThumbnailsError(.sourceChanged, "\(file.path) is gone")
    }
    return part
  }

  private func absolute(_ path: String) -> String {
    path.isEmpty ? root : root == "/" ? "/\(path)" : "\(root)/\(path)"
  }

  private func note(_ problem: String) {
    problems.withLock { $0.append(problem) }
  }
}
