/// Base64, RFC 4648, 4, and with lines of 76 as RFC 2045, 6.8 has them.
package enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// In one line.
  package static func encode(_ octets: some Collection<UInt8>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity((octets.count + 2) / 3 * 4)
    var rest = octets[...]
    while let a = rest.popFirst() {
      let b = rest.popFirst()
      let c = rest.popFirst()
      out.append(alphabet[Int(a >> 2)])
      out.append(alphabet[Int((a & 3) << 4 | (b ?? 0) >> 4)])
      out.append(b == nil ? UInt8(ascii: "=") : alphabet[Int(((b ?? 0) & 15) << 2 | (c ?? 0) >> 6)])
      out.append(c == nil ? UInt8(ascii: "=") : alphabet[Int((c ?? 0) & 63)])
    }
    return out
  }

  /// In lines of 76 octets, each ended by CRLF.
  static func lines(_ octets: [UInt8], into out: inout [UInt8]) {
    out.reserveCapacity(out.count + octets.count * 3 / 2)
    var start = 0
    while start < octets.count {
      let end = min(start + 57, octets.count)
      out += encode(octets[start..<end])
      out += [13, 10]
      start = end
    }
  }
}
