/// Somebody who gets a mail: an item's payload.
package struct Recipient: Hashable, Sendable {
  package var address: String
  package var name: String?
  package var user: String?
  package var locale: String?

  /// Everything that is known of them, as templates see it.
  package var values: [String: Value]

  /// A person's word, by `carillon retry --edit`: send it again although the try of this number may have arrived.
  package var resend: Int?

  package init(address: String, values: [String: Value]) {
    self.address = address
    self.values = values
  }
}

extension Recipient {
  /// Of a payload's members. Throws `EmailDispatchError.recipients`.
  init(_ members: [String: Value]) throws(EmailDispatchError) {
    func text(_ name: String) throws(EmailDispatchError) -> String? {
      switch members[name] {
      case .text(let text): return text
      case .null, nil: return nil
      default: throw EmailDispatchError(.recipients, "the payload's \(name) is no text")
      }
    }
    guard let address = try text("address") else { throw EmailDispatchError(.recipients, "the payload has no address") }
    guard case .object(let values) = members["values"] ?? .object([:]) else {
      throw EmailDispatchError(.recipients, "the payload's values are no object")
    }
    self.init(address: address, values: values)
    name = try text("name")
    user = try text("user")
    locale = try text("locale")
    switch members["resend"] {
    case .integer(let tries): resend = Int(tries)
    case .null, nil: break
    default: throw EmailDispatchError(.recipients, "the payload's resend is no whole number")
    }
  }

  /// Appends the payload.
  func write(to out: inout [UInt8]) {
    func member(_ name: String, _ text: String?) {
      guard let text else { return }
      JSONWriter.writeName(name, to: &out)
      JSONWriter.write(text, to: &out)
    }
    out.append(UInt8(ascii: "{"))
    member("address", address)
    member("name", name)
    member("user", user)
    member("locale", locale)
    JSONWriter.writeName("values", to: &out)
    JSONWriter.write(.object(values), to: &out)
    if let resend {
      JSONWriter.writeName("resend", to: &out)
      JSONWriter.write(.integer(Int64(resend)), to: &out)
    }
    out.append(UInt8(ascii: "}"))
  }
}

extension Recipient {
  /// A recipient and the key of its item, as the fields of a record name them. Throws `EmailDispatchError.recipients`.
  package static func read(
    _ values: [String: Value], fields: RecipientFields, place: String
  ) throws(EmailDispatchError) -> (key: String, recipient: Recipient) {
    let record = Value.object(values)
    func text(_ path: String) -> String? {
      guard let shown = record[path: path]?.shown else { return nil }
      guard shown.utf8.first == 0x20 || shown.utf8.last == 0x20 else { return shown.isEmpty ? nil : shown }
      let trimmed = shown.trimmingPrefix { $0 == " " }
      let end = trimmed.lastIndex { $0 != " " }
      return end.map { String(trimmed[...$0]) }
    }
    guard let address = text(fields.address) else {
      throw EmailDispatchError(.recipients, "\(place): the field \(fields.address), with the address, is missing or empty")
    }
    var recipient = Recipient(address: address, values: values)
    recipient.name = text(fields.name)
    recipient.user = text(fields.user)
    recipient.locale = text(fields.locale)
    // Capitals make no other mailbox of an address, wherever it matters.
    var key = address.lowercased()
    if let field = fields.key {
      guard let found = text(field) else {
        throw EmailDispatchError(.recipients, "\(place) (\(address)): the field \(field), the item's key, is missing or empty")
      }
      key = found
    }
    guard key.utf8.count <= 1_024, !key.utf8.contains(0) else {
      throw EmailDispatchError(.recipients, "\(place): the key is longer than 1,024 octets, or holds a NUL")
    }
    return (key, recipient)
  }
}

/// What the fields of a record are called.
package struct RecipientFields: Codable, Hashable, Sendable {
  package var address = "email"
  package var name = "name"
  package var user = "id"
  package var locale = "locale"

  /// Unique among the recipients; nil: the address, in small letters.
  package var key: String?

  package init() {}

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    address = try values.decodeIfPresent(String.self, forKey: .address) ?? address
    name = try values.decodeIfPresent(String.self, forKey: .name) ?? name
    user = try values.decodeIfPresent(String.self, forKey: .user) ?? user
    locale = try values.decodeIfPresent(String.self, forKey: .locale) ?? locale
    key = try values.decodeIfPresent(String.self, forKey: .key)
  }
}
