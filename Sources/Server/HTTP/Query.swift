import ControlAPI
import JobModel

/// A request's query, checked against what its route takes. `+` stands for itself, as in RFC 3986: instants have it in offsets.
struct Query: Sendable {
  private var values: [String: [String]] = [:]

  /// Throws `malformed` for what cannot be decoded, `invalid` for an unknown parameter (with the nearest) and a wrong value.
  init(_ text: Substring, of parameters: [Parameter]) throws(ControlError) {
    for pair in text.split(separator: "&", omittingEmptySubsequences: true) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts[0].percentDecoded, let value = parts.count > 1 ? parts[1].percentDecoded : "" else {
        throw ControlError(.malformed, "the query has a % that begins no UTF-8 text: \(String(pair).forPeople)")
      }
      guard let parameter = parameters.first(where: { $0.name == name }) else {
        let known = parameters.map(\.name)
        let hint =
          known.nearest(to: name).map { "; did you mean \($0)?" }
          ?? (known.isEmpty ? ": it takes none" : ": it takes \(known.joined(separator: ", "))")
        throw ControlError(.invalid, "the path has no parameter \"\(name.forPeople)\"\(hint)")
      }
      guard values[name] == nil || parameter.isRepeated else {
        throw ControlError(.invalid, "the parameter \(name) may be given once")
      }
      guard values[name, default: []].count < 100 else {
        throw ControlError(.invalid, "the parameter \(name) is given more than 100 times")
      }
      try parameter.check(value)
      values[name, default: []].append(value)
    }
  }

  func text(_ name: String) -> String? { values[name]?.first }
  func texts(_ name: String) -> [String] { values[name] ?? [] }
  func integer(_ name: String) -> Int64? { text(name).flatMap { Int64($0) } }
  func flag(_ name: String) -> Bool { text(name) == "1" }
}

extension Substring {
  /// Without percent-encoding; nil when a `%` begins no byte, or the bytes are no UTF-8 or hold a NUL.
  var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst()?.hexDigit, let low = rest.popFirst()?.hexDigit else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }
}

extension UInt8 {
  fileprivate var hexDigit: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
