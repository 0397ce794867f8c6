/// A file as its source lists it: enough to tell later whether it has changed.
package struct SourceFile: Codable, Hashable, Sendable {
  /// Relative to the source, with slashes.
  package var path: String

  /// Bytes.
  package var size: Int64

  /// Microseconds since 1970, UTC.
  package var modifiedUs: Int64

  /// It is a symbolic link, socket or device: listed, never read.
  package var isSpecial: Bool

  /// Of an object in S3, with its quotes; nil for a file of this machine.
  package var eTag: String?

  package init(path: String, size: Int64, modifiedUs: Int64, isSpecial: Bool = false, eTag: String? = nil) {
    self.eTag = eTag
    self.path = path
    self.size = size
    self.modifiedUs = modifiedUs
    self.isSpecial = isSpecial
  }

  /// The folder's path; empty for the source itself.
  package var folder: Substring {
    path.lastIndex(of: "/").map { path[..<$0] } ?? ""
  }

  /// The last part of the path.
  package var name: Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
  }
}
