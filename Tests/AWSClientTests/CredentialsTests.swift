import AWSTestServers
import Foundation
import NIOCore
import Testing

@testable import AWSClient

@Suite struct CredentialsTests {
  static let document = """
    {"Code":"Success","AccessKeyId":"AK","SecretAccessKey":"S","Token":"T","Expiration":"2026-09-21T15:13:20Z"}
    """

  @Test func theEnvironmentComesFirst() async throws {
    let still = StillSurroundings(environment: [
      "AWS_ACCESS_KEY_ID": "EK", "AWS_SECRET_ACCESS_KEY": "ES", "AWS_SESSION_TOKEN": "ET",
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/",
    ])
    try await Fixture.withTransport { transport in
      let found = try await CachingCredentials.chain(transport: transport, surroundings: still.surroundings).credentials()
      #expect(found == Credentials(accessKeyID: "EK", secretAccessKey: "ES", sessionToken: "ET"))
      let given = Credentials(accessKeyID: "GK", secretAccessKey: "GS")
      let chain = CachingCredentials.chain(given: given, transport: transport, surroundings: still.surroundings)
      #expect(try await chain.credentials() == given)
    }
  }

  @Test func aSecretThatIsMissingIsSaid() async throws {
    let still = StillSurroundings(environment: ["AWS_ACCESS_KEY_ID": "EK"])
    let error = await #expect(throws: AWSError.self) {
      try await EnvironmentCredentials(surroundings: still.surroundings).fetch()
    }
    #expect(error?.message.contains("AWS_SECRET_ACCESS_KEY") == true)
  }

  @Test(
    arguments: [
      (nil, "DK"), ("work", "WK"), ("role", nil), ("nobody", nil), ("half", nil),
    ] as [(String?, String?)])
  func profiles(profile: String?, key: String?) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "[default]\naws_access_key_id = DK\naws_secret_access_key = DS\n[half]\naws_access_key_id = HK\n"
      .write(toFile: folder + "/credentials", atomically: true, encoding: .utf8)
    try
      "[profile work]\naws_access_key_id = WK\naws_secret_access_key = WS\n[profile role]\nrole_arn = arn:x\nsource_profile = default\n"
      .write(toFile: folder + "/config", atomically: true, encoding: .utf8)
    let still = StillSurroundings(environment: [
      "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials", "AWS_CONFIG_FILE": folder + "/config",
    ])
    let source = ProfileCredentials(profile: profile, surroundings: still.surroundings)
    if let key {
      #expect(try await source.fetch()?.accessKeyID == key)
    } else {
      let error = await #expect(throws: AWSError.self) { try await source.fetch() }
      #expect(error?.code == .credentials && error?.message.contains(profile ?? "") == true)
    }
  }

  @Test func containersAreAskedWithTheirTokenFile() async throws {
    let token = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try "token-1\n".write(toFile: token, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: token) }
    try await ScriptedServer.run({ request, number in
      number == 1
        ? ScriptedReply(500)
        : ScriptedReply(request.header("authorization") == "token-1" ? 200 : 401, body: Self.document)
    }) { server in
      let still = StillSurroundings(environment: [
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/v1/keys", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": token,
      ])
      try await Fixture.withTransport { transport in
        let found = try await ContainerCredentials(transport: transport, surroundings: still.surroundings).fetch()
        #expect(found == Credentials(accessKeyID: "AK", secretAccessKey: "S", sessionToken: "T", expiresAt: 1_790_003_600))
      }
      #expect(server.requests.map(\.path) == ["/v1/keys", "/v1/keys"])
    }
  }

  @Test func containersOfECSAreAskedByAPath() async throws {
    try await ScriptedServer.run({ _, _ in ScriptedReply(body: Self.document) }) { server in
      let still = StillSurroundings(environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/id"])
      try await Fixture.withTransport { transport in
        let source = ContainerCredentials(
          transport: transport, surroundings: still.surroundings, relativeHost: server.url)
        let key = try await source.fetch()?.accessKeyID
        #expect(key == "AK")
      }
      #expect(server.requests.map(\.path) == ["/v2/id"])
    }
  }

  @Test(arguments: [
    ("http://127.0.0.1/x", true), ("http://127.9.9.9:80/x", true), ("http://localhost/x", true), ("http://[::1]/x", true),
    ("http://169.254.170.23/v1", true), ("https://example.com/x", true), ("http://example.com/x", false),
    ("http://10.0.0.1/x", false), ("http://127.0.0.1.example.com/x", false),
  ])
  func tokensGoToNoStranger(url: String, isAllowed: Bool) {
    let isAccepted = (try? ContainerCredentials.checkHost(of: url)) != nil
    #expect(isAccepted == isAllowed)
  }

  @Test func instancesAreAskedInThreeSteps() async throws {
    try await ScriptedServer.run({ request, _ in
      switch (request.method, request.path) {
      case ("PUT", "/latest/api/token") where request.header("x-aws-ec2-metadata-token-ttl-seconds") != nil:
        return ScriptedReply(body: "TOKEN")
      case _ where request.header("x-aws-ec2-metadata-token") != "TOKEN":
        return ScriptedReply(401)
      case ("GET", "/latest/meta-data/iam/security-credentials/"):
        return ScriptedReply(body: "my-role")
      case ("GET", "/latest/meta-data/iam/security-credentials/my-role"):
        return ScriptedReply(body: Self.document)
      default:
        return ScriptedReply(404)
      }
    }) { server in
      let still = StillSurroundings(environment: ["AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url])
      try await Fixture.withTransport { transport in
        let source = InstanceCredentials(transport: transport, surroundings: still.surroundings)
        let key = try await source.fetch()?.accessKeyID
        #expect(key == "AK")
      }
      #expect(server.requests.count == 3)
    }
  }

  @Test func noInstanceIsNoError() async throws {
    let url = try await ScriptedServer.run({ _, _ in ScriptedReply() }) { $0.url }
    for environment in [["AWS_EC2_METADATA_SERVICE_ENDPOINT": url], ["AWS_EC2_METADATA_DISABLED": "true"]] {
      let still = StillSurroundings(environment: environment.merging(["HOME": "/nonexistent"]) { first, _ in first })
      try await Fixture.withTransport { transport in
        let chain = CachingCredentials.chain(transport: transport, surroundings: still.surroundings)
        let error = await #expect(throws: AWSError.self) { try await chain.credentials() }
        #expect(error?.code == .credentials && error?.message.contains("the shared files") == true)
      }
    }
  }

  @Test func oneFetchForManyCallers() async throws {
    try await ScriptedServer.run(delay: .milliseconds(50), { _, _ in ScriptedReply(body: Self.document) }) { server in
      let still = StillSurroundings(environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/"])
      try await Fixture.withTransport { transport in
        let chain = CachingCredentials(
          sources: [ContainerCredentials(transport: transport, surroundings: still.surroundings)],
          surroundings: still.surroundings)
        try await withThrowingTaskGroup(of: String.self) { group in
          for _ in 0..<50 { group.addTask { try await chain.credentials().accessKeyID } }
          for try await key in group { #expect(key == "AK") }
        }
      }
      #expect(server.requests.count == 1)
    }
  }

  @Test func theyAreRefreshedBeforeTheyExpire() async throws {
    let still = StillSurroundings()
    let source = CountingSource(lifetime: 3_600, startedAt: still.now)
    let cache = CachingCredentials(sources: [source], surroundings: still.surroundings)
    #expect(try await cache.credentials().accessKeyID == "KEY1")
    still.now += 3_600 - 301
    #expect(try await cache.credentials().accessKeyID == "KEY1")
    still.now += 1
    #expect(try await cache.credentials().accessKeyID == "KEY2")
    await cache.invalidate()
    #expect(try await cache.credentials().accessKeyID == "KEY3")
  }

  @Test func aFailedRefreshKeepsThoseThatStillHold() async throws {
    let still = StillSurroundings()
    try await ScriptedServer.run({ _, number in number == 1 ? ScriptedReply(body: Self.document) : ScriptedReply(403) }) {
      server in
      let watched = StillSurroundings(environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/"])
      try await Fixture.withTransport { transport in
        let cache = CachingCredentials(
          sources: [ContainerCredentials(transport: transport, surroundings: watched.surroundings)],
          surroundings: still.surroundings)
        let first = try await cache.credentials().accessKeyID
        #expect(first == "AK")
        still.now = 1_790_003_600 - 100
        let second = try await cache.credentials().accessKeyID
        #expect(second == "AK")
        let third = try await cache.credentials().accessKeyID
        #expect(third == "AK")
        // The second was not asked: a minute has not gone by.
        #expect(server.requests.count == 2)
        still.now = 1_790_003_600
        _ = await #expect(throws: AWSError.self) { try await cache.credentials() }
      }
    }
  }
}
