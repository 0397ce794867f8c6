/// One field of a header, folded: lines of at most 78 octets where white space allows it, never one above 998. RFC 5322, 2.2.
package struct HeaderField: Hashable, Sendable {
  package let name: String

  /// The field with its name and line ends, the last one included.
  package let octets: [UInt8]

  /// `pieces` are put beside each other with a space, or with a line end and a space. Throws `MailError.header`.
  init(_ name: String, pieces: [String]) throws(MailError) {
    guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }) else {
      throw MailError(.header, "\(Characters.shown(name)) is no name of a header field")
    }
    var out: [UInt8] = []
    out.reserveCapacity(pieces.reduce(name.utf8.count + 3) { $0 + $1.utf8.count + 3 })
    out.append(contentsOf: name.utf8)
    out.append(UInt8(ascii: ":"))
    var column = out.count
    for (index, piece) in pieces.enumerated() {
      if piece.utf8.contains(where: Characters.isBreak) {
        throw MailError(.header, "\(name): \(Characters.shown(piece)) holds a line break or a NUL")
      }
      let length = piece.utf8.count
      // A field's first line must say something: some programs take a bare "Name:" for an empty field.
      if index > 0, column + 1 + length > 78 {
        out.append(13)
        out.append(10)
        column = 0
      }
      guard column + 1 + length <= 998 else {
        throw MailError(.header, "\(name): \(Characters.shown(piece)) is too long for a line")
      }
      out.append(0x20)
      out.append(contentsOf: piece.utf8)
      column += 1 + length
    }
    out.append(13)
    out.append(10)
    self.name = name
    octets = out
  }

  /// Text for people: `Subject`. Encoded words where plain text would not do.
  package static func text(_ name: String, _ text: String) throws(MailError) -> HeaderField {
    // Most subjects fit into a line as they are.
    if name.utf8.count + 2 + text.utf8.count <= 78, text.isPlainWords { return try HeaderField(name, pieces: [text]) }
    try refuseBreaks(name, text)
    let text = Characters.presentable(text)
    let words = text.words
    let isPlain =
      text.utf8.allSatisfy(Characters.isPrintable) && !text.hasEncodedWordStart
      && words.allSatisfy { !$0.isEmpty && $0.utf8.count <= 60 }
    return try HeaderField(name, pieces: isPlain ? words : EncodedWord.words(text))
  }

  /// Text that a program reads, as it is: printable ASCII, folded where it has spaces.
  package static func literal(_ name: String, _ text: String) throws(MailError) -> HeaderField {
    try refuseBreaks(name, text)
    guard text.utf8.allSatisfy(Characters.isPrintable) else {
      throw MailError(.header, "\(name): \(Characters.shown(text)) is not printable ASCII")
    }
    return try HeaderField(name, pieces: text.words.filter { !$0.isEmpty })
  }

  /// A list of addresses: `To`.
  package static func addresses(_ name: String, _ addresses: [MailAddress]) throws(MailError) -> HeaderField {
    if addresses.count == 1, let one = addresses.first, name.utf8.count + one.name.utf8.count + one.text.utf8.count + 5 <= 78,
      one.name.isPlainWords, one.name.utf8.allSatisfy({ Characters.isAtext($0) || $0 == 0x20 })
    {
      return try HeaderField(name, pieces: ["\(one.name) <\(one.text)>"])
    }
    var pieces: [String] = []
    for (index, address) in addresses.enumerated() {
      let comma = index + 1 < addresses.count ? "," : ""
      if address.name.isEmpty {
        pieces.append(address.text + comma)
      } else {
        pieces += phrase(address.name)
        pieces.append("<\(address.text)>\(comma)")
      }
    }
    return try HeaderField(name, pieces: pieces)
  }

  /// A display name: atoms, a quoted string, or encoded words.
  private static func phrase(_ name: String) -> [String] {
    let name = Characters.presentable(name)
    let isShort = name.utf8.count <= 60 && !name.hasEncodedWordStart
    let words = name.words
    if isShort, words.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Characters.isAtext) }) { return words }
    if isShort, name.utf8.allSatisfy(Characters.isPrintable) { return [Parameter.quoted(name)] }
    return EncodedWord.words(name)
  }

  private static func refuseBreaks(_ name: String, _ text: String) throws(MailError) {
    if text.utf8.contains(where: Characters.isBreak) {
      throw MailError(.header, "\(name): \(Characters.shown(text)) holds a line break or a NUL")
    }
  }
}
