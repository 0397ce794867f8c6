import Glibc
import Synchronization

/// A folder on this machine as a destination.
package final class FolderDestination: ImageDestination {
  /// Begins the name of a file that is being written. A crash may leave one; the walk passes over it.
  static let temporaryPrefix = ".carillon-tmp-"

  private let root: String

  /// Tells the temporary files of one process apart.
  private let counter = Atomic<Int>(0)

  /// The folder is made when the first output is written.
  package init(_ folder: String) {
    root = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
  }

  package func look(at key: String) async throws -> OutputPlace {
    guard let status = try SystemFile.status(absolute(key)) else { return OutputPlace(.absent) }
    // A folder or a link of that name is nothing that this plugin makes.
    guard status.kind == .file else { return OutputPlace(.foreign) }
    guard let (head, _) = try SystemFile.read(absolute(key), limit: Stamp.headBytes) else {
      return OutputPlace(.absent)
    }
    return OutputPlace(Stamp(head: head).map { .stamped($0) } ?? .foreign)
  }

  package func write(_ outputs: [Output]) async throws {
    var waiting: [(temporary: String, path: String)] = []
    do {
      // All bytes are on the disk before the first name changes: the sizes of an image appear together, or nearly so.
      for output in outputs {
        let path = absolute(output.key)
        let folder = FolderDestination.folder(of: path)
        let number = counter.add(1, ordering: .relaxed).newValue
        let temporary = "\(folder)/\(FolderDestination.temporaryPrefix)\(getpid())-\(number)"
        if try SystemFile.status(folder) == nil { try SystemFile.makeFolders(folder) }
        waiting.append((temporary, path))
        // Left over by a process of the same number that crashed.
        SystemFile.remove(temporary)
        try SystemFile.write(output.bytes, to: temporary)
      }
      for (temporary, path) in waiting { try SystemFile.rename(temporary, to: path) }
      for folder in Set(waiting.map { FolderDestination.folder(of: $0.path) }) {
        try SystemFile.syncFolder(folder)
      }
    } catch {
      for (temporary, _) in waiting { SystemFile.remove(temporary) }
      throw error
    }
  }

  package func read(_ key: String) async throws -> [UInt8] {
    guard let (bytes, _) = try SystemFile.read(absolute(key), limit: .max) else {
      throw ThumbnailsError(.sourceChanged, "\(absolute(key)) is gone")
    }
    return bytes
  }

  private func absolute(_ key: String) -> String { "\(root)/\(key)" }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }
}
