import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Testing

@testable import AnalyticsRollups
@testable import RollupTables

/// Events in S3, on a real server.
@Suite struct S3Tests {
  private let access: CephServer.Access
  private let s3: S3
  private let connection: AWSConnection
  private let bucket = "ar-" + UUID().uuidString.lowercased()
  private let folder: ScratchFolder

  init() async throws {
    access = try CephServer.access()
    folder = try ScratchFolder()
    var settings = AWSSettings()
    (settings.endpoint, settings.region) = (access.endpoint, "us-east-1")
    (settings.accessKeyId, settings.secretAccessKey) = (access.accessKeyID, access.secretAccessKey)
    connection = AWSConnection(settings)
    s3 = try connection.s3()
    try await s3.createBucket(bucket)
  }

  @Test func asFromAFolder() async throws {
    var world = EventWorld(seed: 12)
    let lines = world.lines(1_500)
    try folder.write("in/x/a.ndjson", lines: lines[..<700])
    try folder.write("in/b.ndjson", lines: lines[700...])
    try Program.run("gzip", ["\(folder.path)/in/b.ndjson"])
    for name in ["x/a.ndjson", "b.ndjson.gz"] {
      try await s3.putObject(
        bucket: bucket, key: "events/\(name)", body: .bytes(ByteBuffer(bytes: try folder.read("in/\(name)"))))
    }
    let aws = """
      "aws":{"region":"us-east-1","endpoint":"\(access.endpoint)","accessKeyId":"\(access.accessKeyID)",\
      "secretAccessKey":"\(access.secretAccessKey)"}
      """
    let ours = #"{"source":{"folder":"\#(folder.path)/in"},"output":{"folder":"\#(folder.path)/out"}}"#
    let theirs = #"{"source":"s3://\#(bucket)/events","output":{"folder":"\#(folder.path)/s3"},\#(aws)}"#
    for config in [ours, theirs] {
      let record = try await PluginHarness(AnalyticsRollupsPlugin.self, config: config).run()
      #expect(record.completions.allSatisfy { $0.kind == .succeeded } && record.breaches.isEmpty)
    }
    #expect(try TableDump.rows("\(folder.path)/out/rollups.db") == TableDump.rows("\(folder.path)/s3/rollups.db"))
    #expect(try folder.read("out/rollups.db") == folder.read("s3/rollups.db"))
    let again = try await PluginHarness(AnalyticsRollupsPlugin.self, config: theirs).run()
    #expect(again.completion("b.ndjson.gz")?.reason == "unchanged")
    #expect(!folder.files.contains { $0.hasSuffix(".new") })
  }

  /// A range in the middle of an object: fetched with the byte before it.
  @Test func ranges() async throws {
    var world = EventWorld(seed: 13)
    let lines = world.lines(800)
    let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
    try await s3.putObject(bucket: bucket, key: "e/a.ndjson", body: .bytes(ByteBuffer(bytes: bytes)))
    let inputs = try S3Inputs(connection.settings, bucket: bucket, prefix: "e/", endings: [".ndjson"])
    var listed: [ListedInput] = []
    try await inputs.list { listed.append($0) }
    let input = try #require(listed.first)
    let parts = PartFolder("\(folder.path)/parts")
    try parts.prepare()
    var total: Int64 = 0
    let cut = Int64(bytes.count / 2)
    for (index, span) in [ByteSpan(end: cut), ByteSpan(start: cut)].enumerated() {
      var range = try await inputs.open(input, index: index, span: span, in: parts)
      range.index = index
      if case .made(let facts) = try PartMaker(parts).make(range) { total += facts.events }
      try inputs.close(range)
    }
    #expect(total == Int64(lines.count))
  }
}
