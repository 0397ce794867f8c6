/// A profile of the shared files: the one named, else `AWS_PROFILE`, else `default`. Roles, SSO and credential processes
/// are not followed: such a profile is an error that says so.
package struct ProfileCredentials: CredentialsSource {
  package let name: String
  private let profile: String?
  private let surroundings: Surroundings

  package init(profile: String? = nil, surroundings: Surroundings = Surroundings()) {
    self.profile = profile
    self.surroundings = surroundings
    name = "the shared files" + (profile.map { " (profile \($0))" } ?? "")
  }

  package func fetch() async throws(AWSError) -> Credentials? {
    let asked = profile ?? surroundings.environment("AWS_PROFILE").flatMap { $0.isEmpty ? nil : $0 }
    let profile = asked ?? "default"
    guard let settings = try SharedFile.settings(profile: profile, surroundings: surroundings) else {
      if asked == nil { return nil }
      throw AWSError(.credentials, "the shared files have no profile \"\(profile)\"")
    }
    if let key = settings["aws_access_key_id"] {
      guard let secret = settings["aws_secret_access_key"] else {
        throw AWSError(.credentials, "profile \"\(profile)\" has an aws_access_key_id and no aws_secret_access_key")
      }
      return Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: settings["aws_session_token"])
    }
    for unsupported in ["role_arn", "sso_session", "sso_start_url", "credential_process", "web_identity_token_file"]
    where settings[unsupported] != nil {
      throw AWSError(
        .credentials,
        "profile \"\(profile)\" uses \(unsupported), which this client does not follow; give it a profile with keys, or "
          + "export the role's keys (aws configure export-credentials --profile \(profile))")
    }
    if asked == nil { return nil }
    throw AWSError(.credentials, "profile \"\(profile)\" holds no aws_access_key_id")
  }
}
