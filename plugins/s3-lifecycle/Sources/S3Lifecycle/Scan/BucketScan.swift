package import AWSClient

/// Lists a bucket, many prefixes at once, each object and version once. No more than a page a lister is in memory.
package struct BucketScan: Sendable {
  /// Gets the objects of one stretch, in the order of their keys; one visitor is never called twice at once.
  package protocol Visitor {
    mutating func visit(_ object: ScannedObject) throws
    /// After each page.
    mutating func pageEnded(objects: Int)
  }

  package let s3: S3
  package let bucket: String
  package let prefix: String
  package let hasVersions: Bool
  package let listers: Int
  package var pageSize = 1_000

  /// From so many common prefixes on a page on, several are listed as one stretch.
  private static let manyPrefixes = 128
  private static let maxDepth = 6

  package init(s3: S3, bucket: String, prefix: String, hasVersions: Bool, listers: Int) {
    self.s3 = s3
    self.bucket = bucket
    self.prefix = prefix
    self.hasVersions = hasVersions
    self.listers = listers
  }

  /// Runs a visitor over every stretch and hands each to `collect` when it has seen it all. Throws `AWSError`,
  /// `CancellationError` and what visitors throw.
  package func run<V: Visitor & Sendable>(
    makeVisitor: @escaping @Sendable () -> V, collect: (V) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (V, [KeyRange]).self) { group in
      var waiting = [KeyRange(prefix: prefix)]
      var running = 0
      while running > 0 || !waiting.isEmpty {
        while running < listers, let range = waiting.popLast() {
          // Once there is enough to do, what is left is listed as it stands.
          let isLookedInto = range.from == nil && range.depth < Self.maxDepth && waiting.count + running < 2 * listers
          group.addTask { try await list(range, isLookedInto: isLookedInto, visitor: makeVisitor()) }
          running += 1
        }
        guard let (visitor, found) = try await group.next() else { break }
        running -= 1
        waiting += found.reversed()
        try collect(visitor)
      }
    }
  }

  private func list<V: Visitor>(
    _ range: KeyRange, isLookedInto: Bool, visitor: V
  ) async throws -> (V, [KeyRange]) {
    var visitor = visitor
    var found: [KeyRange] = []
    // Many prefixes on a page are listed in stretches, which take the page's own keys along: those are not visited here.
    var scope = ListingScope(prefix: range.prefix, startAfter: range.startAfter, pageSize: pageSize)
    if isLookedInto { scope.delimiter = "/" }
    var previous: (key: String, since: Int)?
    func take(_ objects: [ScannedObject], _ prefixes: [String]) throws -> Bool {
      var count = 0
      if prefixes.count > Self.manyPrefixes {
        found += KeyRange.chunks(prefixes, of: range.prefix, count: 4, depth: range.depth + 1)
      } else {
        found += prefixes.map { KeyRange(prefix: $0, depth: range.depth + 1) }
      }
      for object in objects {
        switch range.place(of: object.key) {
        case .before: continue
        case .past:
          visitor.pageEnded(objects: count)
          return false
        case .within: break
        }
        try visitor.visit(object)
        count += 1
      }
      visitor.pageEnded(objects: count)
      return true
    }
    if hasVersions {
      for try await page in s3.listVersions(bucket: bucket, scope) {
        let objects = page.records.map { version in
          let replacedAt = previous?.key == version.key ? previous?.since : nil
          previous = (version.key, version.lastModifiedAt)
          return ScannedObject(version, replacedAt: replacedAt)
        }
        guard try take(objects, page.commonPrefixes) else { break }
      }
    } else {
      for try await page in s3.listObjects(bucket: bucket, scope) {
        guard try take(page.records.map { ScannedObject($0) }, page.commonPrefixes) else { break }
      }
    }
    return (visitor, found)
  }
}
