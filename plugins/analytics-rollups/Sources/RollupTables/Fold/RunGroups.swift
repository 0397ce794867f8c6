/// Merges many runs into few, so that no more files are open and no more buffers in memory than a merge can bear.
struct RunGroups: ~Copyable {
  private let folder: String
  private let maxRuns: Int
  private var made: [String] = []

  private static let prefix = "merge-"

  /// Removes what a process that was killed left in the folder. Throws `system`.
  init(in folder: String, maxRuns: Int) throws(RollupsError) {
    self.folder = folder
    self.maxRuns = maxRuns
    for name in try SystemFile.names(in: folder) ?? [] where name.hasPrefix(Self.prefix) {
      try SystemFile.remove("\(folder)/\(name)")
    }
  }

  /// Parts with the same events and no more runs than can be merged at once: those that were given, if these are few enough. Throws
  /// `invalid`, `system`.
  mutating func reduce(_ parts: [PartFile]) throws -> [PartFile] {
    var level = parts
    while level.count > 1, level.reduce(0, { $0 + $1.facts.runs.count }) > maxRuns {
      var next: [PartFile] = []
      for group in groups(level) {
        try Task.checkCancellation()
        next.append(group.count == 1 ? group[0] : try merged(group))
      }
      // Parts that have too many runs by themselves are left as they are.
      guard next.count < level.count else { return next }
      level = next
    }
    return level
  }

  /// Neighbours that have no more than so many runs together.
  private func groups(_ parts: [PartFile]) -> [[PartFile]] {
    var groups: [[PartFile]] = []
    var runs = Int.max
    for part in parts {
      let count = part.facts.runs.count
      if runs == .max || runs + count > maxRuns {
        groups.append([])
        runs = 0
      }
      groups[groups.count - 1].append(part)
      runs += count
    }
    return groups
  }

  private mutating func merged(_ parts: [PartFile]) throws -> PartFile {
    let path = "\(folder)/\(Self.prefix)\(made.count).new"
    made.append(path)
    let merge = try RunMerge(parts)
    var writer = try PartWriter(path)
    try writer.write(merge)
    var facts = PartFacts(path: "", index: 0, stamp: Stamp(size: 0, version: ""), contentHash: "", firstByte: 0)
    (facts.types, facts.countries) = (merge.names.types, merge.names.countries)
    try writer.commit(facts, as: path)
    guard let part = try PartFile(path) else { throw RollupsError(.system, "\(path) is gone") }
    return part
  }

  /// Removes what was made. Throws `system`.
  consuming func remove() throws(RollupsError) {
    for path in made { try SystemFile.remove(path) }
  }
}
