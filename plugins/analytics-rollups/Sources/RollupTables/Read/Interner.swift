/// Byte strings by number, in the order in which they were first met: 0, 1, 2 and so on.
struct Interner {
  /// All strings, one behind the other.
  private(set) var bytes: [UInt8] = []
  /// Where each begins; one more for the end of the last.
  private(set) var starts: [UInt32] = [0]
  /// Numbers plus one at the place of their hash or behind it; 0 is free.
  private var slots: [UInt32]
  private var hashes: [UInt32] = []

  init() { slots = [UInt32](repeating: 0, count: 1 << 10) }

  var count: Int { starts.count - 1 }

  /// The number of a string, new or known.
  @inline(__always)
  mutating func number(of text: UnsafeBufferPointer<UInt8>) -> UInt32 {
    let hash = Hash.short(text, .name)
    let tag = UInt32(truncatingIfNeeded: hash >> 32)
    let mask = slots.count - 1
    var place = Int(truncatingIfNeeded: hash) & mask
    while true {
      let slot = slots[place]
      if slot == 0 { return add(text, tag, place) }
      let number = Int(slot - 1)
      if hashes[number] == tag, isText(number, text) { return slot - 1 }
      place = (place + 1) & mask
    }
  }

  @inline(__always)
  private func isText(_ number: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(starts[number])
    guard Int(starts[number + 1]) - start == text.count else { return false }
    return bytes.withUnsafeBufferPointer { all in
      for index in 0..<text.count where all[start + index] != text[index] { return false }
      return true
    }
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>, _ tag: UInt32, _ place: Int) -> UInt32 {
    let number = UInt32(count)
    bytes.append(contentsOf: text)
    starts.append(UInt32(bytes.count))
    hashes.append(tag)
    slots[place] = number + 1
    if count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = larger.count - 1
    for number in 0..<count {
      let hash = bytes.withUnsafeBufferPointer { all in
        Hash.short(UnsafeBufferPointer(rebasing: all[Int(starts[number])..<Int(starts[number + 1])]), .name)
      }
      var place = Int(truncatingIfNeeded: hash) & mask
      while larger[place] != 0 { place = (place + 1) & mask }
      larger[place] = UInt32(number) + 1
    }
    slots = larger
  }

  func text(_ number: Int) -> ArraySlice<UInt8> { bytes[Int(starts[number])..<Int(starts[number + 1])] }

  /// Numbers in the order of their strings' bytes.
  var order: [UInt32] {
    bytes.withUnsafeBufferPointer { all in
      (0..<UInt32(count)).map { number -> (key: UInt64, number: UInt32) in
        // The first eight bytes decide almost always.
        var key: UInt64 = 0
        let (start, end) = (Int(starts[Int(number)]), Int(starts[Int(number) + 1]))
        for index in 0..<8 { key = key << 8 | (start + index < end ? UInt64(all[start + index]) : 0) }
        return (key, number)
      }.sorted { left, right in
        if left.key != right.key { return left.key < right.key }
        let (a, b) = (Int(left.number), Int(right.number))
        return all[Int(starts[a])..<Int(starts[a + 1])].lexicographicallyPrecedes(all[Int(starts[b])..<Int(starts[b + 1])])
      }.map(\.number)
    }
  }
}
