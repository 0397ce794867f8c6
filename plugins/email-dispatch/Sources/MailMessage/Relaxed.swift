import Crypto

/// DKIM's canonical form "relaxed". RFC 6376, 3.4.2 and 3.4.4.
enum Relaxed {
  /// A field: name in small letters, unfolded, runs of white space as one space, none at its ends. Without the line end.
  static func field(_ field: HeaderField) -> [UInt8] {
    var out = Array(field.name.lowercased().utf8)
    out.append(UInt8(ascii: ":"))
    let start = out.count
    var hasSpace = false
    for byte in field.octets.dropFirst(field.name.utf8.count + 1) {
      if byte == 0x20 || byte == 9 || byte == 13 || byte == 10 {
        hasSpace = true
        continue
      }
      if hasSpace, out.count > start { out.append(0x20) }
      hasSpace = false
      out.append(byte)
    }
    return out
  }

  /// SHA-256 of a body whose lines end in CRLF: runs of white space as one space, none at the end of a line, no empty lines at the
  /// end of the body.
  static func bodyHash(_ body: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(body.count)
    var hasSpace = false
    var ends = 0
    for byte in body {
      switch byte {
      case 0x20, 9: hasSpace = true
      case 13: break
      case 10:
        hasSpace = false
        ends += 1
      default:
        while ends > 0 {
          out += [13, 10]
          ends -= 1
        }
        if hasSpace { out.append(0x20) }
        hasSpace = false
        out.append(byte)
      }
    }
    if !out.isEmpty { out += [13, 10] }
    return [UInt8](SHA256.hash(data: out))
  }
}
