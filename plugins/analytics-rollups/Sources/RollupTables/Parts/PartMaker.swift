/// One range of one input, where it can be read.
package struct RangeInput: Sendable {
  /// Below the source.
  package var path: String
  package var index: Int
  package var span: ByteSpan
  package var packing: Packing?
  package var stamp: Stamp
  /// What is opened: the input itself, or a copy of some of its bytes, the first of which is the input's at `base`.
  package var file: String
  package var base: Int64

  package init(
    path: String, index: Int, span: ByteSpan, packing: Packing?, stamp: Stamp, file: String, base: Int64 = 0
  ) {
    self.path = path
    self.index = index
    self.span = span
    self.packing = packing
    self.stamp = stamp
    self.file = file
    self.base = base
  }
}

/// Reads ranges into parts.
package struct PartMaker: Sendable {
  /// What became of a range.
  package enum Result: Sendable {
    case made(PartFacts)
    /// Its bytes were read, and are those of the part that is there.
    case same(PartFacts)
  }

  private let folder: PartFolder
  private let archive: Archive?

  package init(_ folder: PartFolder, archive: Archive? = nil) {
    self.folder = folder
    self.archive = archive
  }

  /// The part of a range that has not changed since; nil when it is to be read. Throws `invalid`, `system`.
  package func current(_ path: String, _ index: Int, _ stamp: Stamp) throws -> PartFacts? {
    guard let part = try PartFile(folder.place(of: path, index)), part.facts.stamp == stamp else { return nil }
    return part.facts
  }

  /// Reads a range. Its part is there when this returns, and as before when this throws: `changed` for an input that is gone or has changed meanwhile, `system`.
  package func make(_ input: RangeInput) throws -> Result {
    guard let file = try SystemFile.open(input.file) else {
      throw RollupsError(.changed, "\(input.path) is gone")
    }
    file.willBeReadInOrder()
    let place = folder.place(of: input.path, input.index)
    let old = try PartFile(place)
    if let old {
      let hash = try RangeReader.contentHash(of: file, input.span, packing: input.packing, base: input.base)
      if hash == old.facts.contentHash {
        try check(file, input)
        try old.restamp(input.stamp, through: folder.passing(place))
        return .same(old.facts)
      }
    }
    let passing = folder.passing(place)
    do {
      var taker = LineTaker(try PartWriter(passing), archive?.writer(of: Hash.hex(of: input.path) + "-\(input.index)"))
      var reader = RangeReader()
      try reader.read(
        file, input.span, packing: input.packing, base: input.base, take: { try taker.take($0, $1) },
        takeLong: { taker.takeLong($0) })
      try check(file, input)
      var facts = PartFacts(
        path: input.path, index: input.index, stamp: input.stamp, contentHash: reader.contentHash,
        firstByte: reader.firstByte)
      try taker.end(&facts, replacing: old?.facts.archivedHours ?? [], as: place)
      return .made(facts)
    } catch let error as RollupsError where error.code == .unreadable {
      // What was in its place counts no more: the input is another one now.
      let hash = try RangeReader.contentHash(of: file, input.span, packing: input.packing, base: input.base)
      var facts = PartFacts(path: input.path, index: input.index, stamp: input.stamp, contentHash: hash, firstByte: 0)
      facts.flaw = error.message
      var writer = try PartWriter(passing)
      try writer.commit(facts, as: place)
      return .made(facts)
    } catch {
      try SystemFile.remove(passing)
      throw error
    }
  }

  /// Nobody wrote to the input while it was read.
  private func check(_ file: SystemFile, _ input: RangeInput) throws(RollupsError) {
    guard input.base == 0, !input.stamp.version.hasPrefix("s3:") else { return }
    guard try file.stamp() == input.stamp else {
      throw RollupsError(.changed, "\(input.path) has changed since it was listed")
    }
  }
}
