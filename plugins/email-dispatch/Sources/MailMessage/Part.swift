/// A file that travels with a message: attached, or shown within its HTML.
package struct MailFile: Hashable, Sendable {
  /// As the reader sees it. Any text without CR, LF and NUL.
  package var name: String

  /// `image/png`.
  package var mediaType: String

  package var content: [UInt8]

  /// What the HTML calls it behind `cid:`, as `logo@example.org`; nil for an attachment.
  package var contentID: String?

  package init(name: String, mediaType: String, content: [UInt8], contentID: String? = nil) {
    self.name = name
    self.mediaType = mediaType
    self.content = content
    self.contentID = contentID
  }
}

/// One part of a MIME tree, made: the fields that describe it, and its octets.
struct Part {
  var fields: [HeaderField]
  var body: [UInt8]

  /// Text whose lines end as they like. Plain where it can be, else whichever of quoted-printable and base64 is shorter.
  static func text(_ subtype: String, _ text: String) throws(MailError) -> Part {
    let (lines, survey) = TextSurvey.canonical(text)
    if survey.hasNUL { throw MailError(.body, "the \(subtype) text holds a NUL") }
    var encoded: [UInt8] = []
    let encoding: String
    if survey.travelsAsItIs {
      encoding = "7bit"
      encoded = lines
    } else {
      if survey.quotedLength <= lines.count * 4 / 3 {
        encoding = "quoted-printable"
        QuotedPrintable.encode(lines, into: &encoded)
      } else {
        encoding = "base64"
        Base64.lines(lines, into: &encoded)
      }
    }
    return Part(
      fields: [
        try HeaderField("Content-Type", pieces: ["text/\(subtype);", survey.isASCII ? "charset=us-ascii" : "charset=utf-8"]),
        try HeaderField("Content-Transfer-Encoding", pieces: [encoding]),
      ], body: encoded)
  }

  static func file(_ file: MailFile) throws(MailError) -> Part {
    let type = file.mediaType.split(separator: "/", omittingEmptySubsequences: false)
    guard type.count == 2, type.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Characters.isToken) }) else {
      throw MailError(.header, "\(Characters.shown(file.mediaType)) is no media type")
    }
    guard type[0].lowercased() != "multipart", type[0].lowercased() != "message" else {
      throw MailError(.header, "\(Characters.shown(file.name)): a file of type \(file.mediaType) cannot travel in base64")
    }
    var disposition = [file.contentID == nil ? "attachment;" : "inline;"]
    let name = try Parameter.pieces("filename", file.name)
    disposition += name.enumerated().map { $1 + ($0 + 1 < name.count ? ";" : "") }
    var fields = [
      try HeaderField("Content-Type", pieces: [file.mediaType]),
      try HeaderField("Content-Transfer-Encoding", pieces: ["base64"]),
      try HeaderField("Content-Disposition", pieces: disposition),
    ]
    if let contentID = file.contentID {
      _ = try MailAddress(contentID)
      fields.append(try HeaderField("Content-ID", pieces: ["<\(contentID)>"]))
    }
    var body: [UInt8] = []
    Base64.lines(file.content, into: &body)
    return Part(fields: fields, body: body)
  }

  /// Parts side by side. No encoded part can hold `boundary`: it has `=_`, which is neither base64 nor quoted-printable.
  static func multipart(_ subtype: String, boundary: String, _ parts: [Part]) throws(MailError) -> Part {
    let delimiter = Array("--\(boundary)".utf8)
    var body: [UInt8] = []
    body.reserveCapacity(parts.reduce(128) { $0 + $1.body.count + 512 })
    for part in parts {
      body += delimiter
      body.append(13)
      body.append(10)
      for field in part.fields { body += field.octets }
      body.append(13)
      body.append(10)
      body += part.body
      if !part.body.isEmpty, part.body.last != 10 { body += [13, 10] }
    }
    body += delimiter
    body += [0x2d, 0x2d, 13, 10]
    return Part(
      fields: [try HeaderField("Content-Type", pieces: ["multipart/\(subtype);", "boundary=\"\(boundary)\""])], body: body)
  }
}
