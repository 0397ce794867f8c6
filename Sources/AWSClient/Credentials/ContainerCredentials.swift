import Foundation

/// The endpoint of ECS (`AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`) and EKS Pod Identity (`…_FULL_URI`), with the token of
/// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` (read at every fetch, as it rotates) or `AWS_CONTAINER_AUTHORIZATION_TOKEN`.
package struct ContainerCredentials: CredentialsSource {
  package let name = "the container's endpoint"
  private let client: MetadataClient
  private let relativeHost: String

  /// `relativeHost` answers relative URIs; ECS has it at a fixed address.
  package init(
    transport: Transport, surroundings: Surroundings = Surroundings(), relativeHost: String = "http://169.254.170.2"
  ) {
    client = MetadataClient(transport: transport, surroundings: surroundings)
    self.relativeHost = relativeHost
  }

  package func fetch() async throws(AWSError) -> Credentials? {
    let url: String
    if let path = value("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") {
      url = relativeHost + path
    } else if let full = value("AWS_CONTAINER_CREDENTIALS_FULL_URI") {
      try Self.checkHost(of: full)
      url = full
    } else {
      return nil
    }
    var headers: [(name: String, value: String)] = [("accept", "application/json")]
    if let token = try token() { headers.append(("authorization", token)) }
    let answer = try await client.send("GET", url, headers: headers)
    guard answer.status == 200 else { throw AWSError(.credentials, "\(name) answered \(answer.status)") }
    return try MetadataCredentials.read(answer.text, from: name)
  }

  private func token() throws(AWSError) -> String? {
    guard let path = value("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") else { return value("AWS_CONTAINER_AUTHORIZATION_TOKEN") }
    do {
      return try String(contentsOfFile: path, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw AWSError(.credentials, "cannot read the token file \(path): \(error.localizedDescription)", cause: error)
    }
  }

  /// Over plain HTTP the token goes to this machine or to the link-local agents of ECS and EKS, and to no other.
  static func checkHost(of url: String) throws(AWSError) {
    let endpoint = try Endpoint(url)
    let host = endpoint.host.trimmingCharacters(in: CharacterSet(charactersIn: "[]")).lowercased()
    let allowed = ["localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"]
    let bytes = host.split(separator: ".").compactMap { UInt8($0) }
    let isLoopback = bytes.count == 4 && bytes[0] == 127 && host.split(separator: ".").count == 4
    guard endpoint.scheme == .https || isLoopback || allowed.contains(host) else {
      throw AWSError(
        .credentials,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI names \(host) over plain HTTP, which is neither this machine nor an agent")
    }
  }

  private func value(_ name: String) -> String? {
    client.surroundings.environment(name).flatMap { $0.isEmpty ? nil : $0 }
  }
}
