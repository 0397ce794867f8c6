/// Many texts, one after another in one piece of memory: single strings would lie scattered, and each keep a page from the kernel.
struct PackedTexts: Sendable {
  typealias Place = Range<UInt32>

  private var bytes: [UInt8] = []

  /// Throws `config` beyond 4 GiB.
  mutating func add(_ text: some Collection<UInt8>) throws(EngineError) -> Place {
    let start = bytes.count
    bytes.append(contentsOf: text)
    guard let first = UInt32(exactly: start), let end = UInt32(exactly: bytes.count) else {
      throw EngineError(.config, "the job files take more than 4 GiB")
    }
    return first..<end
  }

  subscript(place: Place) -> ArraySlice<UInt8> { bytes[Int(place.lowerBound)..<Int(place.upperBound)] }
}
