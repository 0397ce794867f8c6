package import SMTPClient

/// The server that takes the messages.
package struct SMTPConfig: Decodable, Hashable, Sendable {
  package var host: String

  /// Default: 587, or 465 for implicit TLS.
  package var port: Int

  /// Default `starttls`: a server that does not offer it gets nothing.
  package var tls: RelaySettings.TLS

  /// Certificates that are trusted instead of the system's: a PEM file.
  package var caFile: String?
  package var user: String?

  /// Or, for XOAUTH2, the token. `${secret:NAME}` keeps it out of the file.
  package var password: String?

  /// Default: the strongest of SCRAM-SHA-256, PLAIN and LOGIN that is offered; XOAUTH2 only where it is named.
  package var auth: RelaySettings.Mechanism?

  /// What this machine calls itself. Default: its name.
  package var hello: String?

  /// At once. Default 8.
  package var connections: Int

  /// Before a connection is closed and made anew. Default 500.
  package var messagesPerConnection: Int
  package var timeouts: Timeouts

  /// How long is waited for what. The defaults are RFC 5321's, 4.5.3.2.
  package struct Timeouts: Decodable, Hashable, Sendable {
    /// For connection, TLS, greeting and authentication together. Default 1 min.
    package var connect = DurationText(.seconds(60))
    /// For a reply. Default 5 min.
    package var reply = DurationText(.seconds(300))
    /// For the reply to a whole message. Default 10 min.
    package var end = DurationText(.seconds(600))

    private enum CodingKeys: String, CodingKey {
      case connect, reply, end
    }

    package init() {}

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      connect = try values.decodeIfPresent(DurationText.self, forKey: .connect) ?? connect
      reply = try values.decodeIfPresent(DurationText.self, forKey: .reply) ?? reply
      end = try values.decodeIfPresent(DurationText.self, forKey: .end) ?? end
    }
  }

  private enum CodingKeys: String, CodingKey {
    case host, port, tls, caFile, user, password, auth, hello, connections, messagesPerConnection, timeouts
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    host = try values.decode(String.self, forKey: .host)
    tls = try values.decodeIfPresent(RelaySettings.TLS.self, forKey: .tls) ?? .starttls
    port = try values.decodeIfPresent(Int.self, forKey: .port) ?? (tls == .implicit ? 465 : 587)
    caFile = try values.decodeIfPresent(String.self, forKey: .caFile)
    user = try values.decodeIfPresent(String.self, forKey: .user)
    password = try values.decodeIfPresent(String.self, forKey: .password)
    auth = try values.decodeIfPresent(RelaySettings.Mechanism.self, forKey: .auth)
    hello = try values.decodeIfPresent(String.self, forKey: .hello)
    connections = try values.decodeIfPresent(Int.self, forKey: .connections) ?? 8
    messagesPerConnection = try values.decodeIfPresent(Int.self, forKey: .messagesPerConnection) ?? 500
    timeouts = try values.decodeIfPresent(Timeouts.self, forKey: .timeouts) ?? Timeouts()
  }

  package var relay: RelaySettings {
    var settings = RelaySettings(host: host, port: port, tls: tls)
    settings.caFile = caFile
    settings.user = user
    settings.password = password
    settings.mechanism = auth
    settings.hello = hello
    settings.maxConnections = connections
    settings.messagesPerConnection = messagesPerConnection
    settings.connectTimeout = timeouts.connect.duration
    settings.replyTimeout = timeouts.reply.duration
    settings.endTimeout = timeouts.end.duration
    return settings
  }
}
