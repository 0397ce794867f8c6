import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Testing

@testable import S3Lifecycle

/// A bucket of its own on the tests' Ceph, and the plugin run on it.
struct Bench {
  let s3: S3
  let bucket: String
  let access: CephServer.Access

  static func run(_ body: (Bench) async throws -> Void) async throws {
    let access = try CephServer.access()
    var settings = AWSSettings()
    (settings.endpoint, settings.accessKeyId, settings.secretAccessKey) = (
      access.endpoint, access.accessKeyID, access.secretAccessKey
    )
    settings.region = "us-east-1"
    let connection = AWSConnection(settings)
    let bucket = "lc-" + UUID().uuidString.lowercased()
    let s3 = try connection.s3()
    try await s3.createBucket(bucket)
    try await body(Bench(s3: s3, bucket: bucket, access: access))
    _ = connection
  }

  /// The server's, reached in another way.
  func settings(endpoint: String) -> AWSSettings {
    var settings = AWSSettings()
    (settings.endpoint, settings.region) = (endpoint, "us-east-1")
    (settings.accessKeyId, settings.secretAccessKey) = (access.accessKeyID, access.secretAccessKey)
    return settings
  }

  /// Puts a rule of another's for everything.
  func setRule(_ change: (inout LifecycleRule) -> Void) async throws {
    var rule = LifecycleRule(id: "theirs", prefix: "")
    change(&rule)
    try await s3.setLifecycle(bucket: bucket, LifecycleConfiguration(rules: [rule]))
  }

  /// Of every object, newest first within a key.
  func versions() async throws -> [ListedVersion] {
    var all: [ListedVersion] = []
    for try await page in s3.listVersions(bucket: bucket) { all += page.records }
    return all
  }

  /// The job's configuration with what a test adds, as JSON members.
  func config(_ more: String = "") -> String {
    """
    {"bucket":"\(bucket)","aws":{"region":"us-east-1","endpoint":"\(access.endpoint)",\
    "accessKeyId":"\(access.accessKeyID)","secretAccessKey":"\(access.secretAccessKey)"}\(more.isEmpty ? "" : "," + more)}
    """
  }

  func put(_ key: String, bytes: Int = 256 << 10, _ options: PutOptions = PutOptions()) async throws {
    let body = ByteBuffer(repeating: UInt8(truncatingIfNeeded: key.utf8.count), count: bytes)
    try await s3.putObject(bucket: bucket, key: key, body: .bytes(body), options: options)
  }

  func run(_ more: String, isPlan: Bool = false) async throws -> RunRecord {
    try await Self.run(config(more), isPlan: isPlan)
  }

  static func run(_ config: String, isPlan: Bool = false) async throws -> RunRecord {
    var script = Script()
    script.isPlan = isPlan
    let record = try await PluginHarness(S3LifecyclePlugin.self, config: config, script: script).run()
    #expect(record.breaches.isEmpty)
    return record
  }

  /// Leaves a run's plan as a file, gone with the test, and runs what it says.
  func apply(_ plan: RunRecord, _ more: String) async throws -> RunRecord {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID().uuidString).json")
    try Data(try #require(plan.artifacts["plan.json"]).content).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try await run(more + ",\"apply\":\"\(file.path)\"")
  }
}

extension RunRecord {
  func analysis() throws -> AnalysisDocument {
    try JSONDecoder().decode(AnalysisDocument.self, from: Data(try #require(artifacts["analysis.json"]).content))
  }

  var kinds: [Outcome.Kind] { completions.map(\.kind) }

  /// Why the run did nothing; empty when it did.
  var refusal: String { completions.count == 1 && completions[0].key == "refused" ? completions[0].reason : "" }
}
