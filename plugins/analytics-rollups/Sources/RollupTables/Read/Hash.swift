import CRollups

/// XXH3 (libxxhash). The kinds keep the hashes of unlike things apart.
package enum Hash {
  enum Kind: UInt64 {
    case name = 0
    case eventID = 1
    /// Of a line without an `event_id`.
    case line = 2
    case session = 3
  }

  @inline(__always)
  static func short(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: Kind) -> UInt64 {
    rollups_hash64(bytes.baseAddress, bytes.count, kind.rawValue)
  }

  @inline(__always)
  static func long(_ bytes: UnsafeBufferPointer<UInt8>, _ kind: Kind) -> (UInt64, UInt64) {
    var sum: (UInt64, UInt64) = (0, 0)
    withUnsafeMutableBytes(of: &sum) { room in
      rollups_hash128(bytes.baseAddress, bytes.count, kind.rawValue, room.baseAddress?.assumingMemoryBound(to: UInt64.self))
    }
    return sum
  }

  /// The 128 bits of a text, as 32 hexadecimal digits.
  package static func hex(of text: String) -> String {
    let bytes = Array(text.utf8)
    let (high, low) = bytes.withUnsafeBufferPointer { long($0, .name) }
    return hex(high, low)
  }

  package static func hex(_ high: UInt64, _ low: UInt64) -> String { digits(high) + digits(low) }

  private static func digits(_ value: UInt64) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: 16 - text.count) + text
  }
}

/// The hash of bytes that come in pieces.
final class RunningHash {
  private let state: OpaquePointer

  /// Throws `system` without memory.
  init() throws(RollupsError) {
    guard let state = rollups_hash_new() else { throw RollupsError(.system, "no memory is left for a hash") }
    self.state = state
  }

  deinit { rollups_hash_free(state) }

  func add(_ bytes: UnsafeRawBufferPointer) { rollups_hash_add(state, bytes.baseAddress, bytes.count) }

  /// Of all that was added.
  var hex: String {
    var sum: [UInt64] = [0, 0]
    rollups_hash_end(state, &sum)
    return Hash.hex(sum[0], sum[1])
  }
}
