package import AWSClient
import NIOCore

/// Objects below a prefix in S3 as a source of images. Slashes make folders, as in a bucket's console.
package struct S3Source: ImageSource {
  private let s3: S3
  private let bucket: String
  private let prefix: String
  /// Folders below the prefix that are left out, ending in a slash.
  private let leftOut: Set<String>
  /// A whole file is no longer than this.
  private let maxBytes: Int

  package init(_ s3: S3, bucket: String, prefix: String, leavingOut: Set<String> = [], maxBytes: Int) {
    self.s3 = s3
    self.bucket = bucket
    self.prefix = prefix
    leftOut = leavingOut
    self.maxBytes = maxBytes
  }

  package func takeProblems() -> [String] { [] }

  package func list(
    after: String?, visit: (_ folder: String, _ files: [SourceFile]) async throws -> Void
  ) async throws {
    var waiting = [""]
    while let folder = waiting.popLast() {
      try Task.checkCancellation()
      let own = folder.isEmpty ? "" : folder + "/"
      var files: [SourceFile] = []
      var folders: [String] = []
      for try await page in s3.listObjects(bucket: bucket, ListingScope(prefix: prefix + own, delimiter: "/")) {
        files += page.records.compactMap(file)
        folders += page.commonPrefixes.filter { !leftOut.contains($0) }.map { String($0.dropFirst(prefix.count).dropLast()) }
      }
      waiting += folders.reversed()
      if let after, !FolderSource.precedes(after, folder) { continue }
      if !files.isEmpty { try await visit(folder, files) }
    }
  }

  /// The object of a key as it is now, and those whose outputs may be called as its are; nil when it is gone or not below the
  /// prefix.
  package func find(_ key: String) async throws -> (file: SourceFile, namesakes: [SourceFile])? {
    guard key.hasPrefix(prefix), !leftOut.contains(where: { key.hasPrefix($0) }) else { return nil }
    let slash = key.lastIndex(of: "/").map { key.index(after: $0) } ?? key.startIndex
    let name = key[slash...]
    let stem = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : name[..<$0] } ?? name
    var namesakes: [SourceFile] = []
    let scope = ListingScope(prefix: String(key[..<slash] + stem), delimiter: "/")
    for try await page in s3.listObjects(bucket: bucket, scope) { namesakes += page.records.compactMap(file) }
    let path = String(key.dropFirst(prefix.count))
    guard let file = namesakes.first(where: { $0.path == path }) else { return nil }
    return (file, namesakes)
  }

  /// Nil for what a console makes to show an empty folder.
  private func file(_ object: ListedObject) -> SourceFile? {
    guard !object.key.hasSuffix("/") else { return nil }
    return SourceFile(
      path: String(object.key.dropFirst(prefix.count)), size: object.bytes,
      modifiedUs: Int64(object.lastModifiedAt) * 1_000_000,
      eTag: object.eTag)
  }

  package func head(of file: SourceFile, count: Int) async throws -> [UInt8] {
    // A range in nothing is refused.
    guard file.size > 0 else { return [] }
    return try await read(file, range: 0..<min(Int64(count), file.size))
  }

  package func read(_ file: SourceFile) async throws -> [UInt8] { try await read(file, range: nil) }

  private func read(_ file: SourceFile, range: Range<Int64>?) async throws -> [UInt8] {
    do throws(AWSError) {
      let object = try await s3.readObject(
        bucket: bucket, key: prefix + file.path, range: range, ifMatch: file.eTag, maxBytes: maxBytes)
      return Array(buffer: object.bytes)
    } catch {
      switch error.code {
      case .notFound: throw ThumbnailsError(.sourceChanged, "\(file.path) is gone")
      case .conflict:
        throw ThumbnailsError(.sourceChanged, "\(file.path) has changed since it was listed; the next run takes it")
      default: throw error
      }
    }
  }
}
