/// Where AWS is and who asks, as a plugin's configuration says it. Everything may be left out on a machine that is set up for
/// AWS: the region then comes from the environment, the credentials from the chain.
package struct AWSSettings: Codable, Hashable, Sendable {
  /// Default: `AWS_REGION`, `AWS_DEFAULT_REGION`, else `us-east-1`.
  package var region: String?
  /// `https://host[:port][/path]` instead of AWS's own.
  package var endpoint: String?
  /// `automatic`, `path` or `virtualHost`; S3 only. Default `automatic`.
  package var addressing: String?
  /// A profile of the shared files, and no other place then.
  package var profile: String?
  package var accessKeyId: String?
  package var secretAccessKey: String?
  package var sessionToken: String?
  /// Requests under way at once. Default 64.
  package var maxConcurrent: Int?

  package init() {}

  /// What is wrong, with the key it is about. A configuration may still hold references to secrets.
  package var problems: [(key: String, message: String)] {
    var found: [(key: String, message: String)] = []
    if let endpoint, !endpoint.hasPrefix("${") {
      do throws(AWSError) { _ = try Endpoint(endpoint) } catch { found.append(("endpoint", error.message)) }
    }
    if let addressing, S3.Addressing(rawValue: addressing) == nil {
      found.append(("addressing", "\"\(addressing)\" is none of automatic, path, virtualHost"))
    }
    if (accessKeyId == nil) != (secretAccessKey == nil) {
      let missing = accessKeyId == nil ? "accessKeyId" : "secretAccessKey"
      found.append((missing, "accessKeyId and secretAccessKey go together"))
    }
    if profile != nil, accessKeyId != nil { found.append(("profile", "a profile and keys are given; one of them is enough")) }
    if let maxConcurrent, !(1...1_024).contains(maxConcurrent) {
      found.append(("maxConcurrent", "\(maxConcurrent) is not within 1 to 1024"))
    }
    return found
  }

  /// The region that is used.
  package func resolvedRegion(_ surroundings: Surroundings = Surroundings()) -> String {
    for candidate in [region, surroundings.environment("AWS_REGION"), surroundings.environment("AWS_DEFAULT_REGION")] {
      if let candidate, !candidate.isEmpty { return candidate }
    }
    return "us-east-1"
  }
}

/// What a plugin's instance holds of AWS: connections and credentials, shared by its services. Ends its connections with its
/// last reference.
package final class AWSConnection: Sendable {
  package let settings: AWSSettings
  private let transport: Transport
  private let credentials: any CredentialsProvider
  private let surroundings: Surroundings
  private let policy: RetryPolicy

  package init(
    _ settings: AWSSettings, limits: TransportLimits = TransportLimits(), policy: RetryPolicy = RetryPolicy(),
    surroundings: Surroundings = Surroundings()
  ) {
    self.settings = settings
    self.policy = policy
    self.surroundings = surroundings
    var limits = limits
    limits.maxConcurrent = settings.maxConcurrent ?? limits.maxConcurrent
    transport = Transport(limits: limits)
    var given: Credentials?
    if let key = settings.accessKeyId, let secret = settings.secretAccessKey {
      given = Credentials(accessKeyID: key, secretAccessKey: secret, sessionToken: settings.sessionToken)
    }
    credentials = CachingCredentials.chain(
      given: given, profile: settings.profile, transport: transport, surroundings: surroundings)
  }

  deinit { transport.abandon() }

  /// `service` as `ServiceCaller` names it; each has a retry budget of its own.
  package func caller(_ service: String) -> ServiceCaller {
    ServiceCaller(
      service: service, region: settings.resolvedRegion(surroundings), transport: transport, credentials: credentials,
      policy: policy, surroundings: surroundings)
  }

  /// Throws `invalidRequest` for an endpoint or addressing that makes no sense.
  package func s3() throws(AWSError) -> S3 {
    var endpoint: Endpoint?
    if let text = settings.endpoint { endpoint = try Endpoint(text) }
    let addressing = settings.addressing ?? S3.Addressing.automatic.rawValue
    guard let addressing = S3.Addressing(rawValue: addressing) else {
      throw AWSError(.invalidRequest, "the addressing \"\(addressing)\" is none of automatic, path, virtualHost")
    }
    return S3(caller("s3"), endpoint: endpoint, addressing: addressing)
  }
}
