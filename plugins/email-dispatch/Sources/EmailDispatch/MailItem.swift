/// What an item of this plugin is.
package enum MailItem: Codable, Hashable, Sendable {
  /// Why nothing is sent at all.
  case refusal(String)
  case recipient(Recipient)

  package init(from decoder: any Decoder) throws {
    let members = try decoder.container(keyedBy: Recipient.CodingKeys.self)
    if let reason = try members.decodeIfPresent(String.self, forKey: .refusal) {
      self = .refusal(reason)
    } else {
      self = .recipient(try Recipient(from: members))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .refusal(let reason):
      var members = encoder.container(keyedBy: Recipient.CodingKeys.self)
      try members.encode(reason, forKey: .refusal)
    case .recipient(let recipient): try recipient.encode(to: encoder)
    }
  }
}
