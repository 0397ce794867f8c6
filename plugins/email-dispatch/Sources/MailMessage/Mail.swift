/// A message to one recipient, in parts. `render` makes the octets.
package struct Mail: Sendable {
  package var from: MailAddress
  package var to: MailAddress
  package var replyTo: MailAddress?
  package var subject: String

  /// At least one of `text` and `html`.
  package var text: String?
  package var html: String?

  /// Those with a `contentID` belong to the HTML, the others are attached.
  package var files: [MailFile] = []
  package var unsubscribing: Unsubscribing?

  /// Further fields: `X-Campaign`. Not those that are made from the above.
  package var extraFields: [(name: String, value: String)] = []
  package var id: MessageID

  /// Seconds since 1970.
  package var dateSeconds: Int64

  package init(from: MailAddress, to: MailAddress, subject: String, id: MessageID, dateSeconds: Int64) {
    self.from = from
    self.to = to
    self.subject = subject
    self.id = id
    self.dateSeconds = dateSeconds
  }
}

/// A message as it goes over the wire: lines that end in CRLF, no other CR or LF, none above 998 octets. Not dot-stuffed.
package struct RenderedMail: Sendable {
  package let octets: [UInt8]

  /// An address in its header is not ASCII: only a server that offers SMTPUTF8 may have it. Everything else is ASCII.
  package let needsSMTPUTF8: Bool
}

extension Mail {
  private static let reserved: Set<String> = [
    "from", "to", "cc", "bcc", "reply-to", "sender", "subject", "date", "message-id", "mime-version", "content-type",
    "content-transfer-encoding", "content-disposition", "content-id", "list-unsubscribe", "list-unsubscribe-post",
    "dkim-signature", "received", "return-path", "resent-from", "resent-to", "resent-cc", "resent-bcc",
  ]

  /// Throws `MailError.header` for a field that this library makes itself, or that is none.
  package static func check(extraField name: String) throws(MailError) {
    if reserved.contains(name.lowercased()) { throw MailError(.header, "\(name) is made by Carillon itself") }
    _ = try HeaderField.text(name, "x")
  }

  /// The message, signed by each of `signers`. Throws `MailError`; no other message than one with these parts comes of it.
  package func render(signers: [DKIMSigner] = []) throws(MailError) -> RenderedMail {
    let body = try tree()
    var fields = [
      try HeaderField("Date", pieces: [MailDate.text(seconds: dateSeconds)]),
      try HeaderField.addresses("From", [from]),
      try HeaderField.addresses("To", [to]),
    ]
    if let replyTo { fields.append(try HeaderField.addresses("Reply-To", [replyTo])) }
    fields.append(try HeaderField.text("Subject", subject))
    fields.append(try HeaderField("Message-ID", pieces: ["<\(id.text)>"]))
    fields += try unsubscribing?.fields() ?? []
    for (name, value) in extraFields {
      try Self.check(extraField: name)
      fields.append(try HeaderField.text(name, value))
    }
    fields.append(try HeaderField("MIME-Version", pieces: ["1.0"]))
    fields += body.fields
    var signatures: [HeaderField] = []
    if !signers.isEmpty {
      let hash = Relaxed.bodyHash(body.body)
      for signer in signers {
        signatures.append(try signer.signature(fields: fields, bodyHash: hash, atSeconds: dateSeconds))
      }
    }
    var octets: [UInt8] = []
    octets.reserveCapacity(body.body.count + 2_048)
    for field in signatures { octets += field.octets }
    for field in fields { octets += field.octets }
    octets.append(13)
    octets.append(10)
    octets += body.body
    let needsSMTPUTF8 = from.needsSMTPUTF8 || to.needsSMTPUTF8 || replyTo?.needsSMTPUTF8 == true
    return RenderedMail(octets: octets, needsSMTPUTF8: needsSMTPUTF8)
  }

  /// `mixed(related(alternative(text, html), images), attachments)`, as much of it as is needed. RFC 2046, 5.1; RFC 2387.
  private func tree() throws(MailError) -> Part {
    var alternatives: [Part] = []
    if let text { alternatives.append(try Part.text("plain", text)) }
    if let html {
      var page = try Part.text("html", html)
      let images = files.filter { $0.contentID != nil }
      if !images.isEmpty {
        var parts = [page]
        for image in images { parts.append(try Part.file(image)) }
        page = try Part.multipart("related", boundary: boundary(1), parts)
      }
      alternatives.append(page)
    }
    guard var tree = alternatives.first else { throw MailError(.body, "a message needs a text or an HTML body") }
    if alternatives.count > 1 { tree = try Part.multipart("alternative", boundary: boundary(2), alternatives) }
    let attached = files.filter { $0.contentID == nil || html == nil }
    if !attached.isEmpty {
      var parts = [tree]
      for file in attached { parts.append(try Part.file(file)) }
      tree = try Part.multipart("mixed", boundary: boundary(3), parts)
    }
    return tree
  }

  private func boundary(_ number: Int) -> String { "=_\(number)_\(id.boundary)" }
}
