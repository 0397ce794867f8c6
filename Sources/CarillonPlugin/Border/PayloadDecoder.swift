import FoundationEssentials

/// Payloads to items. One decoder call for many payloads: the fixed price of a call is a large part of a small payload's.
struct PayloadDecoder<Item: Codable & Sendable> {
  /// What payloads came to: the values of the good ones in order, and the bad ones by position.
  struct Decoded {
    var values: [Item]
    var failures: [(position: Int, error: any Error)] = []
  }

  /// The payloads are read during the call only.
  func decode(_ payloads: [UnsafeRawBufferPointer]) -> Decoded {
    if let type = Item.self as? any PayloadCoding.Type {
      // The condition above is the cast's proof, which the compiler cannot see.
      return each(payloads) { try type.init(payload: $0) as! Item }
    }
    if payloads.count > 1, let items = decodeTogether(payloads) {
      return Decoded(values: items)
    }
    return each(payloads) { try JSON.payloadDecoder.decode(Item.self, from: Data($0)) }
  }

  private func each(_ payloads: [UnsafeRawBufferPointer], _ read: (UnsafeRawBufferPointer) throws -> Item) -> Decoded {
    var decoded = Decoded(values: [])
    decoded.values.reserveCapacity(payloads.count)
    for (position, payload) in payloads.enumerated() {
      do {
        decoded.values.append(try read(payload))
      } catch {
        decoded.failures.append((position, error))
      }
    }
    return decoded
  }

  /// All payloads as one JSON array; nil when any of them is not fit for it. The caller then decodes one by one, so that
  /// the bad item gets its own error and the others none.
  private func decodeTogether(_ payloads: [UnsafeRawBufferPointer]) -> [Item]? {
    let size = payloads.reduce(payloads.count + 1) { $0 + $1.count }
    let array = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
    defer { array.deallocate() }
    var end = 0
    for payload in payloads {
      // Two broken payloads must never complete each other.
      guard Self.standsAlone(payload) else { return nil }
      array[end] = end == 0 ? UInt8(ascii: "[") : UInt8(ascii: ",")
      end += 1
      UnsafeMutableRawBufferPointer(rebasing: array[end...]).copyMemory(from: payload)
      end += payload.count
    }
    array[end] = UInt8(ascii: "]")
    guard let start = array.baseAddress else { return nil }
    do {
      // Without a copy: the decoder keeps nothing of its input, and the memory outlives the call.
      let data = Data(bytesNoCopy: start, count: size, deallocator: .none)
      let items = try JSON.payloadDecoder.decode([Item].self, from: data)
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
