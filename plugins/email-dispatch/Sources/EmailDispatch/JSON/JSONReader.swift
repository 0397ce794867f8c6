/// JSON (RFC 8259) to values, for what comes many thousand times: recipients. Checks all of it; of members with one name the first
/// counts, as it does for Foundation.
struct JSONReader {
  /// What is wrong, and at which octet; the first is 1.
  struct Flaw: Error {
    let what: String
    let octet: Int

    var message: String { "is no JSON: \(what) at octet \(octet)" }
  }

  private static let maxDepth = 128

  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// One document, with nothing behind it but white space.
  static func value(_ bytes: UnsafeRawBufferPointer) throws(Flaw) -> Value {
    let bytes = bytes.assumingMemoryBound(to: UInt8.self)
    var reader = JSONReader(bytes)
    reader.skipBlanks()
    let value = try reader.value(depth: 0)
    reader.skipBlanks()
    if reader.at < bytes.count { throw reader.flaw("something follows its end") }
    return value
  }

  static func value(_ bytes: [UInt8]) throws(Flaw) -> Value {
    try bytes.withUnsafeBufferPointer { (bytes) throws(Flaw) in try value(UnsafeRawBufferPointer(bytes)) }
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func flaw(_ what: String) -> Flaw {
    Flaw(what: at < bytes.count ? what : "it ends too early", octet: at + 1)
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 9 || byte == 10 || byte == 13 { at += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(Flaw) -> Value {
    guard depth < Self.maxDepth else { throw flaw("it is nested deeper than \(Self.maxDepth)") }
    switch next ?? 0 {
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "{"): return .object(try members(depth: depth))
    case UInt8(ascii: "["): return .list(try elements(depth: depth))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw flaw("there is no value")
    }
  }

  private mutating func word(_ word: StaticString, _ value: Value) throws(Flaw) -> Value {
    for index in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[index]) { throw flaw("there is no value") }
    return value
  }

  private mutating func members(depth: Int) throws(Flaw) -> [String: Value] {
    var members: [String: Value] = [:]
    at += 1
    skipBlanks()
    if take(UInt8(ascii: "}")) { return members }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw flaw("a member's name is expected") }
      let name = try text()
      skipBlanks()
      guard take(UInt8(ascii: ":")) else { throw flaw("a colon is expected") }
      skipBlanks()
      if let first = members.updateValue(try value(depth: depth + 1), forKey: name) { members[name] = first }
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw flaw("a comma or } is expected") }
    return members
  }

  private mutating func elements(depth: Int) throws(Flaw) -> [Value] {
    var elements: [Value] = []
    at += 1
    skipBlanks()
    if take(UInt8(ascii: "]")) { return elements }
    repeat {
      skipBlanks()
      elements.append(try value(depth: depth + 1))
      skipBlanks()
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw flaw("a comma or ] is expected") }
    return elements
  }

  private mutating func number() throws(Flaw) -> Value {
    let start = at
    var isWhole = true
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) {
      isWhole = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isWhole = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    let digits = String(decoding: bytes[start..<at], as: UTF8.self)
    if isWhole, let number = Int64(digits) { return .integer(number) }
    guard let number = Double(digits), number.isFinite else { throw Flaw(what: "a number is too large", octet: start + 1) }
    return .number(number)
  }

  private mutating func digits() throws(Flaw) {
    let start = at
    while let byte = next, byte &- 0x30 < 10 { at += 1 }
    if at == start { throw flaw("a digit is expected") }
  }

  private mutating func text() throws(Flaw) -> String {
    at += 1
    let start = at
    while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { at += 1 }
    if next == UInt8(ascii: "\"") {
      defer { at += 1 }
      return try checked(bytes[start..<at], from: start)
    }
    var resolved = Array(bytes[start..<at])
    while !take(UInt8(ascii: "\"")) {
      guard let byte = next else { throw flaw("") }
      if byte < 0x20 { throw flaw("a control character stands in a text") }
      at += 1
      if byte == UInt8(ascii: "\\") { try escape(into: &resolved) } else { resolved.append(byte) }
    }
    return try checked(resolved, from: start)
  }

  private func checked(_ bytes: some Collection<UInt8>, from start: Int) throws(Flaw) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Flaw(what: "a text is not UTF-8", octet: start + 1) }
    return text
  }

  private mutating func escape(into out: inout [UInt8]) throws(Flaw) {
    guard let kind = next else { throw flaw("") }
    at += 1
    switch kind {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(kind)
    case UInt8(ascii: "b"): out.append(8)
    case UInt8(ascii: "f"): out.append(12)
    case UInt8(ascii: "n"): out.append(10)
    case UInt8(ascii: "r"): out.append(13)
    case UInt8(ascii: "t"): out.append(9)
    case UInt8(ascii: "u"):
      var code = try unit()
      if 0xd800..<0xdc00 ~= code, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
        let low = try unit()
        guard 0xdc00..<0xe000 ~= low else { throw flaw("half of a surrogate pair stands alone") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw flaw("half of a surrogate pair stands alone") }
      out.append(contentsOf: UTF8.encode(scalar)!)
    default: throw flaw("an escape is unknown")
    }
  }

  private mutating func unit() throws(Flaw) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw flaw("four hexadecimal digits are expected")
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}
