/// Where credentials come from. Calls may come from any thread and overlap.
package protocol CredentialsProvider: Sendable {
  /// Valid ones, now. Throws `credentials`, `timeout`, `cancelled`.
  func credentials() async throws(AWSError) -> Credentials
  /// The service called the last ones expired: the next call gets others.
  func invalidate() async
}

/// One place that may hold credentials, asked afresh at every call.
package protocol CredentialsSource: Sendable {
  /// For messages: `the environment`.
  var name: String { get }
  /// `nil` when this place has none, so that the next one is asked; an error when it has and they cannot be used.
  func fetch() async throws(AWSError) -> Credentials?
}

/// Credentials that were given: from a job's config, or a secret.
package struct StaticCredentials: CredentialsProvider, CredentialsSource {
  package let name = "the job's configuration"
  private let given: Credentials

  package init(_ credentials: Credentials) { given = credentials }

  package func credentials() async throws(AWSError) -> Credentials { given }
  /// There are no others.
  package func invalidate() async {}
  package func fetch() async throws(AWSError) -> Credentials? { given }
}
