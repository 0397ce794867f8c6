import FoundationEssentials

/// Payloads to items. One decoder call for many payloads: the fixed price of a call is a large part of a small payload's.
struct PayloadDecoder<Item: Codable & Sendable> {
  /// One result for each payload, in order. The payloads are read during the call only.
  func decode(_ payloads: [UnsafeRawBufferPointer]) -> [Result<Item, any Error>] {
    if Item.self == RawPayload.self {
      return payloads.map { .success(RawPayload(Array($0)) as! Item) }
    }
    if payloads.count > 1, let items = decodeTogether(payloads) {
      return items.map { .success($0) }
    }
    return payloads.map { payload in
      Result { try JSON.payloadDecoder.decode(Item.self, from: Data(payload)) }
    }
  }

  /// All payloads as one JSON array; nil when any of them is not fit for it. The caller then decodes one by one, so that
  /// the bad item gets its own error and the others none.
  private func decodeTogether(_ payloads: [UnsafeRawBufferPointer]) -> [Item]? {
    var array = Data(capacity: payloads.reduce(2) { $0 + $1.count + 1 })
    array.append(UInt8(ascii: "["))
    for (index, payload) in payloads.enumerated() {
      // Two broken payloads must never complete each other.
      guard Self.standsAlone(payload) else { return nil }
      if index > 0 { array.append(UInt8(ascii: ",")) }
      array.append(contentsOf: payload)
    }
    array.append(UInt8(ascii: "]"))
    do {
      let items = try JSON.payloadDecoder.decode([Item].self, from: array)
      return items.count == payloads.count ? items : nil
    } catch {
      // Not lost: decoding one by one throws it again, for the item it belongs to.
      return nil
    }
  }

  /// Whether brackets and quotes are closed where they were opened and no comma stands outside of them. Not a check of
  /// JSON: only that what comes before and after cannot change what this payload means.
  static func standsAlone(_ payload: UnsafeRawBufferPointer) -> Bool {
    var depth = 0
    var isInText = false
    var isEscaped = false
    for byte in payload {
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInText = false
        }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isInText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth < 0 { return false }
      case UInt8(ascii: ","): if depth == 0 { return false }
      default: break
      }
    }
    return depth == 0 && !isInText
  }
}
