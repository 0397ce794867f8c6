/// A server that takes mail from us, and how it is spoken to.
package struct RelaySettings: Hashable, Sendable {
  /// How the connection is kept from others' eyes.
  package enum TLS: String, Codable, Hashable, Sendable, CaseIterable {
    /// From the first octet on. RFC 8314.
    case implicit
    /// By STARTTLS, which the server must offer. RFC 3207.
    case starttls
    /// Not at all: for a server on this machine.
    case none
  }

  /// How one says who one is. RFC 4954.
  package enum Mechanism: String, Codable, Hashable, Sendable, CaseIterable {
    case plain
    case login
    case scramSHA256 = "scram-sha-256"
    case xoauth2
  }

  package var host: String
  package var port: Int
  package var tls: TLS

  /// A PEM file of certificates to trust; nil: the system's.
  package var caFile: String?

  /// nil: nobody in particular.
  package var user: String?
  package var password: String?

  /// nil: the strongest that is offered, but never XOAUTH2.
  package var mechanism: Mechanism?

  /// What this machine calls itself; nil: its name.
  package var hello: String?
  package var maxConnections = 8
  package var messagesPerConnection = 500
  package var connectTimeout = Duration.seconds(60)
  package var replyTimeout = Duration.seconds(300)
  package var endTimeout = Duration.seconds(600)

  /// After so long without a message a connection is closed.
  package var idleTimeout = Duration.seconds(20)

  package init(host: String, port: Int, tls: TLS) {
    self.host = host
    self.port = port
    self.tls = tls
  }
}
