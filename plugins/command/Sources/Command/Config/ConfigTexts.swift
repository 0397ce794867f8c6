/// A value that a command is given as text, however YAML read it: `8080`, `true`, `a`.
struct Scalar: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    if let text = Self.attempt({ try single.decode(String.self) }) {
      self.text = text
    } else if let flag = Self.attempt({ try single.decode(Bool.self) }) {
      text = flag ? "true" : "false"
    } else if let integer = Self.attempt({ try single.decode(Int64.self) }) {
      text = String(integer)
    } else {
      text = "\(try single.decode(Double.self))"
    }
  }

  private static func attempt<Value>(_ body: () throws -> Value) -> Value? {
    do { return try body() } catch { return nil }  // another type, then
  }
}

/// `90s`, `5m`, `24h`, `1h30m`, `250ms`, `7d`; `0` needs no unit.
struct DurationText: Decodable {
  let duration: Duration

  private static let units: [(name: String, microseconds: Double)] = [
    ("ms", 1e3), ("us", 1), ("d", 86_400e6), ("h", 3_600e6), ("m", 60e6), ("s", 1e6),
  ]

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let text = try single.decode(Scalar.self).text
    guard let duration = Self.parse(text) else {
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be a duration as 90s, 5m or 1h30m, is \"\(text)\"")
    }
    self.duration = duration
  }

  static func parse(_ text: String) -> Duration? {
    if text == "0" { return .zero }
    var rest = text[...]
    var total = 0.0
    while !rest.isEmpty {
      let number = rest.prefix { "0123456789.".contains($0) }
      rest = rest.dropFirst(number.count)
      guard let value = Double(number), let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
      rest = rest.dropFirst(unit.name.count)
      total += value * unit.microseconds
    }
    return text.isEmpty || total > 3.2e15 ? nil : .microseconds(Int64(total.rounded()))
  }
}

/// `64KiB`, `1MiB`, `100MB`, or bytes.
struct SizeText: Decodable {
  let bytes: Int

  private static let units = [
    ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("KB", 1_000), ("kB", 1_000), ("MB", 1_000_000),
    ("GB", 1_000_000_000), ("B", 1), ("", 1),
  ]

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let text = try single.decode(Scalar.self).text
    let number = text.prefix { $0.isASCII && $0.isNumber }
    guard let value = Int(number), value <= 1 << 30,
      let unit = Self.units.first(where: { $0.0 == text.dropFirst(number.count) })
    else {
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be a size as 64KiB or 1MiB, is \"\(text)\"")
    }
    bytes = value * unit.1
  }
}

/// Permission bits as octal text: `"022"`.
struct FileMode: Decodable {
  let bits: UInt32

  init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let text = try single.decode(String.self)
    guard let bits = UInt32(text, radix: 8), bits <= 0o777 else {
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be octal digits in quotes, \"000\" to \"777\", is \"\(text)\"")
    }
    self.bits = bits
  }
}
