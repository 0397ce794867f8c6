/// Values to JSON (RFC 8259), appended to octets.
enum JSONWriter {
  static func write(_ value: Value, to out: inout [UInt8]) {
    switch value {
    case .null: out += "null".utf8
    case .bool(let flag): out += (flag ? "true" : "false").utf8
    case .integer(let number): out += String(number).utf8
    // JSON has no other numbers than these.
    case .number(let number): out += (number.isFinite ? String(number) : "null").utf8
    case .text(let text): write(text, to: &out)
    case .list(let values):
      out.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        write(value, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (name, value) in members {
        writeName(name, to: &out)
        write(value, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// A member's name and colon, behind a comma where it is not an object's first.
  static func writeName(_ name: String, to out: inout [UInt8]) {
    if out.last != UInt8(ascii: "{") { out.append(UInt8(ascii: ",")) }
    write(name, to: &out)
    out.append(UInt8(ascii: ":"))
  }

  static func write(_ text: String, to out: inout [UInt8]) {
    var text = text
    out.append(UInt8(ascii: "\""))
    text.withUTF8 { bytes in
      var start = 0
      for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        out.append(contentsOf: bytes[start..<index])
        out.append(UInt8(ascii: "\\"))
        start = index + 1
        switch byte {
        case 8: out.append(UInt8(ascii: "b"))
        case 9: out.append(UInt8(ascii: "t"))
        case 10: out.append(UInt8(ascii: "n"))
        case 12: out.append(UInt8(ascii: "f"))
        case 13: out.append(UInt8(ascii: "r"))
        case 0..<0x20:
          out += "u00".utf8
          out.append(byte < 16 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
          out.append("0123456789abcdef".utf8.dropFirst(Int(byte & 15)).first ?? 0)
        default: out.append(byte)
        }
      }
      out.append(contentsOf: bytes[start...])
    }
    out.append(UInt8(ascii: "\""))
  }
}
