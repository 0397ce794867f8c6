/// A path under `/v1` with its query, percent-encoded.
struct Route: Hashable, Sendable {
  private(set) var text: String
  private var hasQuery = false

  /// - Parameter parts: segments, not encoded; a `/` in one of them becomes `%2F`.
  init(_ parts: String...) { text = "/v1/" + parts.map(Self.encoded).joined(separator: "/") }

  /// With a parameter more; nil adds none.
  func with(_ name: String, _ value: (some CustomStringConvertible)?) -> Route {
    guard let value else { return self }
    var route = self
    route.text += (hasQuery ? "&" : "?") + name + "=" + Self.encoded(value.description)
    route.hasQuery = true
    return route
  }

  /// With a parameter once for each value.
  func with(_ name: String, each values: [String]) -> Route { values.reduce(self) { $0.with(name, $1) } }

  /// Everything but RFC 3986's unreserved characters; and "." and ".." too, which would be taken for steps in the path.
  private static func encoded(_ text: String) -> String {
    let isDots = text == "." || text == ".."
    return text.utf8.reduce(into: "") { result, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where !isDots: result += "."
      default:
        let digits = Array("0123456789ABCDEF")
        result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
  }
}
