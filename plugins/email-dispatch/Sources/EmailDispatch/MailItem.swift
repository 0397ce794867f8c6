/// What an item of this plugin is.
package enum MailItem: Codable, Hashable, Sendable {
  /// Why nothing is sent at all.
  case refusal(String)
  case recipient(Recipient)

  private enum CodingKeys: String, CodingKey {
    case refusal
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    if let reason = try values.decodeIfPresent(String.self, forKey: .refusal) {
      self = .refusal(reason)
    } else {
      self = .recipient(try Recipient(from: decoder))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .refusal(let reason):
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(reason, forKey: .refusal)
    case .recipient(let recipient): try recipient.encode(to: encoder)
    }
  }
}
