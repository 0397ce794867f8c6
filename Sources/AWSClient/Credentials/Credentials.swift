/// What a request is signed with. Prints as its access key id's last four characters, and nothing else.
package struct Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var accessKeyID: String
  package var secretAccessKey: String
  package var sessionToken: String?
  /// When the service stops taking them, in seconds since 1970; `nil` for those that last.
  package var expiresAt: Int?

  package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil, expiresAt: Int? = nil) {
    self.accessKeyID = accessKeyID
    self.secretAccessKey = secretAccessKey
    self.sessionToken = sessionToken
    self.expiresAt = expiresAt
  }

  package var description: String { "credentials …\(accessKeyID.suffix(4))" }
  package var debugDescription: String { description }
  /// Without this `dump` and failed expectations would print the secret.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
