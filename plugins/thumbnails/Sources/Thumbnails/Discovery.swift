package import CarillonPlugin

/// Names the items of a run: every file that the globs take, but not the outputs of earlier runs.
package struct Discovery: Sendable {
  /// How many items are named between two checkpoints, at least.
  static let itemsPerCheckpoint = 2_000

  private let source: any ImageSource
  private let include: [Glob]
  private let exclude: [Glob]

  /// How the names of outputs end.
  private let endings: [String]

  package init(config: ThumbnailsConfig, source: any ImageSource) {
    self.source = source
    include = config.include.compactMap { Glob($0) }
    exclude = config.exclude.compactMap { Glob($0) }
    endings = config.sizes.map { "_\($0.name).jpg" }
  }

  /// Calls `emit` for each item, and `checkpoint` with a folder's path when all items up to that folder's files are named.
  /// Begins behind `after`, a path that `checkpoint` got in an earlier, broken discovery.
  package func run(
    after: String?, emit: (ImageItem) throws -> Void, checkpoint: (String) throws -> Void
  ) async throws {
    var sinceCheckpoint = 0
    try await source.list(after: after) { folder, files in
      var names = OutputNames()
      for file in files where takes(file) {
        if try await isOutput(file) { continue }
        try emit(ImageItem(file: file, base: names.base(for: file)))
        sinceCheckpoint += 1
      }
      if sinceCheckpoint >= Discovery.itemsPerCheckpoint {
        try checkpoint(folder)
        sinceCheckpoint = 0
      }
    }
  }

  /// Names the objects of an event instead: those that were made in this bucket, that the globs take, and that are there.
  package func run(
    _ event: S3Event, of bucket: String, in objects: S3Source, log: Log, emit: (ImageItem) throws -> Void
  ) async throws {
    for object in event.objects {
      guard object.bucket == bucket, object.isCreated else {
        log.info("s3://\(object.bucket)/\(object.key) was not made in \(bucket); left out")
        continue
      }
      guard let (file, namesakes) = try await objects.find(object.key) else {
        log.info("s3://\(object.bucket)/\(object.key) is gone, or not below the source; left out")
        continue
      }
      guard takes(file), try await !isOutput(file) else { continue }
      // Those that come first by name have their base, as in a run over the whole folder.
      var names = OutputNames()
      for namesake in namesakes where takes(namesake) {
        if namesake != file, try await isOutput(namesake) { continue }
        let base = names.base(for: namesake)
        if namesake == file { try emit(ImageItem(file: file, base: base)) }
      }
    }
  }

  private func takes(_ file: SourceFile) -> Bool {
    guard include.contains(where: { $0.matches(file.path) }) else { return false }
    return !exclude.contains { $0.matches(file.path) }
  }

  /// Only files that are named like outputs are opened: a photo called `beach_large.jpg` stays a photo.
  private func isOutput(_ file: SourceFile) async throws -> Bool {
    guard !file.isSpecial, endings.contains(where: { file.path.hasSuffix($0) }) else { return false }
    do {
      return Stamp(head: try await source.head(of: file, count: Stamp.headBytes)) != nil
    } catch is ThumbnailsError {
      // Gone or closed to us: its item will say so.
      return false
    }
  }
}
