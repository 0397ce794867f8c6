/// PNG files made by hand: stored, not packed, so that no library stands between a test and its bytes (PNG 3rd edition).
struct PNGFixture {
  enum ColourType: UInt8 {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAlpha = 4
    case rgba = 6

    var channels: Int {
      switch self {
      case .grey, .palette: 1
      case .greyAlpha: 2
      case .rgb: 3
      case .rgba: 4
      }
    }
  }

  var width: Int
  var height: Int
  var type: ColourType
  var bits = 8

  /// The filter of each row, in turn.
  var filters: [UInt8] = [0]

  /// Chunks between the header and the pixels.
  var chunks: [(name: String, body: [UInt8])] = []

  /// The samples of all rows as they are stored, unfiltered; for 16 bits, two bytes a sample.
  var rows: [UInt8]

  /// `sample(x, y, channel)` gives each sample of 8 or 16 bits.
  init(_ width: Int, _ height: Int, _ type: ColourType, bits: Int = 8, sample: (Int, Int, Int) -> Int) {
    self.width = width
    self.height = height
    self.type = type
    self.bits = bits
    rows = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<type.channels {
          let value = sample(x, y, channel)
          if bits == 16 { rows.append(UInt8(value >> 8)) }
          rows.append(UInt8(value & 0xFF))
        }
      }
    }
  }

  var bytes: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    file += chunk("IHDR", big(width) + big(height) + [UInt8(bits), type.rawValue, 0, 0, 0])
    for (name, body) in chunks { file += chunk(name, body) }
    file += chunk("IDAT", stored(filtered))
    return file + chunk("IEND", [])
  }

  private var filtered: [UInt8] {
    let step = max(1, type.channels * bits / 8)
    let size = rows.count / height
    var out: [UInt8] = []
    for y in 0..<height {
      let filter = filters[y % filters.count]
      out.append(filter)
      for x in 0..<size {
        let value = Int(rows[y * size + x])
        let left = x < step ? 0 : Int(rows[y * size + x - step])
        let above = y == 0 ? 0 : Int(rows[(y - 1) * size + x])
        let corner = x < step || y == 0 ? 0 : Int(rows[(y - 1) * size + x - step])
        let guess =
          switch filter {
          case 1: left
          case 2: above
          case 3: (left + above) / 2
          case 4: PNGFixture.paeth(left, above, corner)
          default: 0
          }
        out.append(UInt8(truncatingIfNeeded: value - guess))
      }
    }
    return out
  }

  private static func paeth(_ left: Int, _ above: Int, _ corner: Int) -> Int {
    let guess = left + above - corner
    let distances = [abs(guess - left), abs(guess - above), abs(guess - corner)]
    if distances[0] <= distances[1] && distances[0] <= distances[2] { return left }
    return distances[1] <= distances[2] ? above : corner
  }

  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = [0x78, 0x01]
    var at = 0
    repeat {
      let count = min(65_535, bytes.count - at)
      out.append(at + count == bytes.count ? 1 : 0)
      out += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8 & 0xFF)]
      out += bytes[at..<(at + count)]
      at += count
    } while at < bytes.count
    var a = 1
    var b = 0
    for byte in bytes {
      a = (a + Int(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return out + big(b << 16 | a)
  }

  private func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let content = Array(name.utf8) + body
    return big(body.count) + content + big(Int(PNGFixture.crc(content)))
  }

  private func big(_ value: Int) -> [UInt8] {
    [UInt8(value >> 24 & 0xFF), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
  }

  static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
