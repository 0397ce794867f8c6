/// The job's `config`.
package struct MailConfig: Decodable, Hashable, Sendable {
  /// What becomes of a message whose last reply was lost.
  package enum Unknown: String, Decodable, Hashable, Sendable, CaseIterable {
    /// A dead letter, until a person says whether it is to be sent again.
    case hold
    /// It is sent again, under the same Message-ID, and said to be.
    case resend
  }

  /// What kind of mail it is (`welcome`), for the mail log. Default: the job's name.
  package var type: String?

  /// `news@example.org`, or `Example <news@example.org>`.
  package var from: String
  package var replyTo: String?

  /// Where bounces go: the envelope's sender. Default: the address of `from`.
  package var returnPath: String?
  package var recipients: RecipientsConfig
  package var template: TemplateConfig

  /// Files that the HTML shows, by the name that `{{images.NAME}}` has.
  package var images: [String: String]
  package var attachments: [AttachmentConfig]

  /// Further header fields: templates of one line.
  package var headers: [String: String]
  package var unsubscribe: UnsubscribeConfig?
  package var dkim: [DKIMConfig]
  package var smtp: SMTPConfig

  /// Limits by recipients' domain; `*` for every other.
  package var domains: [String: DomainConfig]

  /// The mail log and the suppression list: an absolute path of a SQLite file that is made when it is not there.
  package var log: String

  /// Default `hold`.
  package var unknown: Unknown

  /// Addresses that get nothing from now on; read at the start of each run and kept.
  package var suppress: RecipientsConfig?
  package var retry: MailRetryConfig

  private enum CodingKeys: String, CodingKey {
    case type, from, replyTo, returnPath, recipients, template, images, attachments, headers, unsubscribe, dkim, smtp, domains,
      log, unknown, suppress
    case retry
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    type = try values.decodeIfPresent(String.self, forKey: .type)
    from = try values.decode(String.self, forKey: .from)
    replyTo = try values.decodeIfPresent(String.self, forKey: .replyTo)
    returnPath = try values.decodeIfPresent(String.self, forKey: .returnPath)
    recipients = try values.decode(RecipientsConfig.self, forKey: .recipients)
    template = try values.decode(TemplateConfig.self, forKey: .template)
    images = try values.decodeIfPresent([String: String].self, forKey: .images) ?? [:]
    attachments = try values.decodeIfPresent([AttachmentConfig].self, forKey: .attachments) ?? []
    headers = try values.decodeIfPresent([String: String].self, forKey: .headers) ?? [:]
    unsubscribe = try values.decodeIfPresent(UnsubscribeConfig.self, forKey: .unsubscribe)
    dkim = try values.decodeIfPresent([DKIMConfig].self, forKey: .dkim) ?? []
    smtp = try values.decode(SMTPConfig.self, forKey: .smtp)
    domains = try values.decodeIfPresent([String: DomainConfig].self, forKey: .domains) ?? [:]
    log = try values.decode(String.self, forKey: .log)
    unknown = try values.decodeIfPresent(Unknown.self, forKey: .unknown) ?? .hold
    suppress = try values.decodeIfPresent(RecipientsConfig.self, forKey: .suppress)
    retry = try values.decodeIfPresent(MailRetryConfig.self, forKey: .retry) ?? MailRetryConfig()
  }
}

/// Where templates lie.
package struct TemplateConfig: Decodable, Hashable, Sendable {
  /// With `subject.txt`, `body.txt`, `body.html`: an absolute path.
  package var folder: String

  /// Where layouts and partials are looked for that `folder` does not have.
  package var shared: String?

  /// Of recipients who have none. Default: the templates without a locale.
  package var locale: String?
}

/// A file that travels with every message.
package struct AttachmentConfig: Decodable, Hashable, Sendable {
  /// An absolute path, which may name variables: `/srv/invoices/{{id}}.pdf`. A value in it holds no slash.
  package var file: String

  /// What the reader sees; may name variables. Default: the file's own.
  package var name: String?

  /// `application/pdf`. Default: by the ending.
  package var type: String?
}

/// How a recipient leaves the list. Both may name variables; a value in `url` is percent-encoded.
package struct UnsubscribeConfig: Decodable, Hashable, Sendable {
  package var url: String?
  package var mailto: String?

  /// RFC 8058: mail programs may POST to `url` on one click. Default true where there is an `https` URL.
  package var oneClick: Bool?
}

/// A signature. RFC 6376.
package struct DKIMConfig: Decodable, Hashable, Sendable {
  package var domain: String
  package var selector: String

  /// The private key in PEM; `${secret:NAME}` keeps it out of the file. Or `keyFile`, an absolute path.
  package var key: String?
  package var keyFile: String?
}

/// What one domain bears.
package struct DomainConfig: Decodable, Hashable, Sendable {
  /// Messages under way at once. Default: as many as there are connections.
  package var concurrency: Int?

  /// Messages begun in a minute, evenly spread. Default: no limit.
  package var perMinute: Double?
}

/// How long a message that a server puts off is tried.
package struct MailRetryConfig: Decodable, Hashable, Sendable {
  /// Before the second try; twice as long before each further one. Default 15 min, greylisting's usual time.
  package var first = DurationText(.seconds(900))

  /// The longest wait. Default 6 h.
  package var cap = DurationText(.seconds(6 * 3_600))

  /// Behind it a message is given up. Default 4 days, as RFC 5321, 4.5.4.1 has it.
  package var giveUpAfter = DurationText(.seconds(4 * 86_400))

  private enum CodingKeys: String, CodingKey {
    case first, cap, giveUpAfter
  }

  package init() {}

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    first = try values.decodeIfPresent(DurationText.self, forKey: .first) ?? first
    cap = try values.decodeIfPresent(DurationText.self, forKey: .cap) ?? cap
    giveUpAfter = try values.decodeIfPresent(DurationText.self, forKey: .giveUpAfter) ?? giveUpAfter
  }
}
