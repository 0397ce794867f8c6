package import AWSClient

/// The services of one region, as a job reaches them.
package struct Services: Sendable {
  /// Shared by every instance of this process, and never shut down: it ends with the process.
  private static let transport = Transport()

  package let lambda: Lambda
  package let watch: CloudWatch

  /// Throws `AWSError.invalidRequest` for an endpoint that is none.
  package init(_ config: CostConfig, surroundings: Surroundings) throws(AWSError) {
    let given = config.credentials.map {
      Credentials(accessKeyID: $0.accessKeyID, secretAccessKey: $0.secretAccessKey, sessionToken: $0.sessionToken)
    }
    let credentials = CachingCredentials.chain(
      given: given, profile: config.profile, transport: Self.transport, surroundings: surroundings)
    let endpoint = try config.endpoint.map { text throws(AWSError) in try Endpoint(text) }
    func caller(_ service: String) -> ServiceCaller {
      ServiceCaller(
        service: service, region: config.region, transport: Self.transport, credentials: credentials, surroundings: surroundings)
    }
    lambda = Lambda(caller("lambda"), endpoint: endpoint)
    watch = CloudWatch(caller("monitoring"), endpoint: endpoint)
  }
}
