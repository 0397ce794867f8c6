/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, and `AWS_SESSION_TOKEN` where there is one.
package struct EnvironmentCredentials: CredentialsSource {
  package let name = "the environment"
  private let surroundings: Surroundings

  package init(surroundings: Surroundings = Surroundings()) { self.surroundings = surroundings }

  package func fetch() async throws(AWSError) -> Credentials? {
    guard let key = value("AWS_ACCESS_KEY_ID") else { return nil }
    guard let secret = value("AWS_SECRET_ACCESS_KEY") else {
      throw AWSError(.credentials, "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not")
    }
    return Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: value("AWS_SESSION_TOKEN"))
  }

  private func value(_ name: String) -> String? {
    surroundings.environment(name).flatMap { $0.isEmpty ? nil : $0 }
  }
}
