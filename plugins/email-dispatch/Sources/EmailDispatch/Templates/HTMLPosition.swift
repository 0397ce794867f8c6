/// Where in an HTML document one is, as far as it matters for what a value must be escaped against. After the HTML standard's
/// tokenizer (13.2.5), coarser.
struct HTMLPosition: Hashable {
  private enum State: Hashable {
    case text
    case tag
    case tagName
    case attributeName
    case afterEquals
    case quoted(UInt8)
    case unquoted
    case comment
    /// Within `script`, `style`, `textarea`, `title`: nothing but its end tag is markup.
    case rawText
  }

  private var state = State.text
  private var tag: [UInt8] = []
  private var attribute: [UInt8] = []
  /// Something of the attribute's value stands already.
  private var isBegun = false
  private var tail: [UInt8] = []

  private static let urls: Set<String> = [
    "href", "src", "action", "formaction", "background", "poster", "cite", "data", "longdesc", "srcset",
  ]
  private static let raw: Set<String> = ["script", "style", "textarea", "title"]

  /// Goes on behind literal text.
  mutating func advance(over text: some Sequence<UInt8>) {
    for byte in text { step(byte) }
  }

  /// How a value is escaped here; the reason when none can be safe.
  func escaping() -> Result<Escaping, Reason> {
    switch state {
    case .text: .success(.html)
    case .rawText where String(decoding: tag, as: UTF8.self) == "title": .success(.html)
    case .rawText where String(decoding: tag, as: UTF8.self) == "textarea": .success(.html)
    case .rawText: .failure(Reason("stands within <\(String(decoding: tag, as: UTF8.self))>, where no escaping is safe"))
    case .quoted:
      if isURL {
        .success(isBegun ? .urlPart : .urlStart)
      } else if name == "style" {
        .success(.style)
      } else if name.hasPrefix("on") {
        .failure(Reason("stands within a script (\(name)), where no escaping is safe"))
      } else {
        .success(.html)
      }
    case .afterEquals, .unquoted: .failure(Reason("is the value of an attribute without quotes; put it in quotes"))
    case .tag, .tagName, .attributeName: .failure(Reason("stands within a tag, but not in an attribute's value"))
    case .comment: .failure(Reason("stands within a comment"))
    }
  }

  struct Reason: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  /// Goes on behind a value.
  mutating func advanceOverValue() { isBegun = true }

  /// Parts that may be shown or not, or several times, must leave the position as they found it.
  func isLike(_ other: HTMLPosition) -> Bool {
    state == other.state && (state == .text || tag == other.tag && attribute == other.attribute)
  }

  var isText: Bool { state == .text }

  private var name: String { String(decoding: attribute, as: UTF8.self) }
  private var isURL: Bool { Self.urls.contains(name) }

  private mutating func step(_ byte: UInt8) {
    let isSpace = byte == 0x20 || byte == 9 || byte == 10 || byte == 13 || byte == 12
    switch state {
    case .text:
      tail = Array(tail.suffix(2)) + [byte]
      if byte == UInt8(ascii: "<") {
        state = .tagName
        tag = []
      }
    case .tagName:
      if tag.elementsEqual("!--".utf8) || tag.elementsEqual("!-".utf8) && byte == UInt8(ascii: "-") {
        state = .comment
        tail = []
      } else if byte == UInt8(ascii: ">") {
        close()
      } else if isSpace || byte == UInt8(ascii: "/") && !tag.isEmpty {
        state = tag.isEmpty ? .text : .tag
      } else {
        tag.append(byte | (byte >= 0x41 && byte <= 0x5a ? 0x20 : 0))
      }
    case .tag:
      if byte == UInt8(ascii: ">") {
        close()
      } else if !isSpace && byte != UInt8(ascii: "/") {
        attribute = [byte | (byte >= 0x41 && byte <= 0x5a ? 0x20 : 0)]
        state = .attributeName
      }
    case .attributeName:
      if byte == UInt8(ascii: "=") {
        state = .afterEquals
        isBegun = false
      } else if byte == UInt8(ascii: ">") {
        close()
      } else if !isSpace {
        attribute.append(byte | (byte >= 0x41 && byte <= 0x5a ? 0x20 : 0))
      }
    case .afterEquals:
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        state = .quoted(byte)
      } else if byte == UInt8(ascii: ">") {
        close()
      } else if !isSpace {
        state = .unquoted
      }
    case .quoted(let quote):
      if byte == quote { state = .tag } else { isBegun = isBegun || !isSpace }
    case .unquoted:
      if byte == UInt8(ascii: ">") { close() } else if isSpace { state = .tag }
    case .comment:
      tail = Array(tail.suffix(2)) + [byte]
      if tail.elementsEqual("-->".utf8) { state = .text }
    case .rawText:
      let end = Array("</".utf8) + tag
      tail = Array(tail.suffix(end.count - 1)) + [byte | (byte >= 0x41 && byte <= 0x5a ? 0x20 : 0)]
      if tail == end {
        state = .tagName
        tag = Array("/".utf8) + tag
      }
    }
  }

  private mutating func close() {
    state = Self.raw.contains(String(decoding: tag, as: UTF8.self)) ? .rawText : .text
    tail = []
  }
}
