/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), eight bytes a step ("slicing by 8", Kounavis and Berry, 2005).
package struct CRC32C: Sendable {
  private var state: UInt32 = ~0

  package init() {}

  package var value: UInt32 { ~state }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    var state = state
    Self.tables.withUnsafeBufferPointer { tables in
      var index = 0
      while index + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(state)
        var next: UInt32 = 0
        for slice in 0..<8 {
          next ^= tables[(7 - slice) * 256 + Int(truncatingIfNeeded: (word >> UInt64(slice * 8)) & 0xff)]
        }
        state = next
        index += 8
      }
      while index < bytes.count {
        state = tables[Int((state ^ UInt32(bytes[index])) & 0xff)] ^ (state >> 8)
        index += 1
      }
    }
    self.state = state
  }

  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82f6_3b78 : value >> 1 }
      tables[byte] = value
    }
    for slice in 1..<8 {
      for byte in 0..<256 {
        let previous = tables[(slice - 1) * 256 + byte]
        tables[slice * 256 + byte] = tables[Int(previous & 0xff)] ^ (previous >> 8)
      }
    }
    return tables
  }()
}
