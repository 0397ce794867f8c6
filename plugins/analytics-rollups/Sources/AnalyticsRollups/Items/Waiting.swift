import RollupTables

/// Which ranges of a run are not read yet, for the item that comes behind all of them.
struct Waiting {
  /// How often `left` is asked, while nothing happens, before it is in vain: at 20 a second, 5 s.
  private static let patience = 100

  private var open: [(input: ListedInput, index: Int)]
  private let source: any InputSource
  private let maker: PartMaker
  private let parts: PartFolder
  private var asked = 0

  init(_ inputs: [ListedInput], _ source: any InputSource, _ maker: PartMaker, _ parts: PartFolder) {
    open = inputs.flatMap { input in (0..<input.ranges).map { (input, $0) } }
    self.source = source
    self.maker = maker
    self.parts = parts
  }

  /// Nobody reads any more, and has not for a while: what is left will not come soon.
  var isInVain: Bool { asked >= Self.patience }

  /// How many there are; nil for none. Throws `RollupsError`.
  mutating func left() throws -> Int? {
    let before = open.count
    open = try open.filter { range in
      try source.isCurrent(range.input) && maker.current(range.input.path, range.index, range.input.stamp) == nil
    }
    asked = try open.count < before || parts.isBeingWritten() ? 0 : asked + 1
    return open.isEmpty ? nil : open.count
  }
}
