/// The role of an EC2 instance, from its metadata service, version 2 (a session token first, then role, then keys). Off with
/// `AWS_EC2_METADATA_DISABLED=true`; elsewhere with `AWS_EC2_METADATA_SERVICE_ENDPOINT`. No service within a second means
/// that this is no EC2 instance.
package struct InstanceCredentials: CredentialsSource {
  package let name = "the instance metadata service"
  private let client: MetadataClient
  private let surroundings: Surroundings

  package init(transport: Transport, surroundings: Surroundings = Surroundings()) {
    client = MetadataClient(transport: transport, surroundings: surroundings)
    self.surroundings = surroundings
  }

  package func fetch() async throws(AWSError) -> Credentials? {
    if surroundings.environment("AWS_EC2_METADATA_DISABLED")?.lowercased() == "true" { return nil }
    var base = surroundings.environment("AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? "http://169.254.169.254"
    while base.hasSuffix("/") { base.removeLast() }
    guard let token = try await token(base) else { return nil }
    let headers = [(name: "x-aws-ec2-metadata-token", value: token)]
    let roles = base + "/latest/meta-data/iam/security-credentials/"
    let answer = try await client.send("GET", roles, headers: headers)
    if answer.status == 404 { return nil }
    guard answer.status == 200, let role = answer.text.split(whereSeparator: \.isNewline).first else {
      throw AWSError(.credentials, "\(name) answered \(answer.status) when asked for the instance's role")
    }
    let document = try await client.send("GET", roles + PercentEncoding.encode(role), headers: headers)
    guard document.status == 200 else {
      throw AWSError(.credentials, "\(name) answered \(document.status) when asked for the keys of role \(role)")
    }
    return try MetadataCredentials.read(document.text, from: name)
  }

  private func token(_ base: String) async throws(AWSError) -> String? {
    var once = client
    (once.attempts, once.timeout) = (1, .seconds(1))
    do throws(AWSError) {
      let answer = try await once.send(
        "PUT", base + "/latest/api/token", headers: [("x-aws-ec2-metadata-token-ttl-seconds", "21600")])
      guard answer.status == 200 else {
        throw AWSError(.credentials, "\(name) answered \(answer.status) when asked for a session token")
      }
      return answer.text
    } catch {
      if error.code == .connection || error.code == .timeout { return nil }
      throw error
    }
  }
}
