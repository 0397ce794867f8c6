import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Testing

@testable import Thumbnails

/// Images in S3, on a real server.
@Suite struct S3Tests {
  private let access: CephServer.Access
  private let connection: AWSConnection
  private let s3: S3
  private let bucket = "th-" + UUID().uuidString.lowercased()

  init() async throws {
    access = try CephServer.access()
    var settings = AWSSettings()
    (settings.endpoint, settings.region) = (access.endpoint, "us-east-1")
    (settings.accessKeyId, settings.secretAccessKey) = (access.accessKeyID, access.secretAccessKey)
    connection = AWSConnection(settings)
    s3 = try connection.s3()
    try await s3.createBucket(bucket)
    try await put("in/a b.jpg", try JPEGFixture.make(PNGFixture(200, 100, .rgb) { x, y, c in (x + y * c) % 256 }))
    try await put("in/a b.png", PNGFixture(40, 30, .rgba) { x, y, c in (x * c + y) % 256 }.bytes)
    try await put("in/sub/ü.png", PNGFixture(40, 30, .rgb) { x, _, _ in x }.bytes)
    try await put("in/notes.txt", Array("hello".utf8))
    try await put("in/folder/", [])
    try await put("elsewhere.png", PNGFixture(4, 3, .rgb) { x, _, _ in x }.bytes)
  }

  private func put(_ key: String, _ bytes: [UInt8]) async throws {
    try await s3.putObject(bucket: bucket, key: key, body: .bytes(ByteBuffer(bytes: bytes)))
  }

  private func config(_ more: String = "") -> String {
    """
    {"source":"s3://\(bucket)/in","destination":"s3://\(bucket)/in/thumbs",\
    "aws":{"region":"us-east-1","endpoint":"\(access.endpoint)","accessKeyId":"\(access.accessKeyID)",\
    "secretAccessKey":"\(access.secretAccessKey)"}\(more)}
    """
  }

  private func run(_ config: String, event: String? = nil, isPlan: Bool = false) async throws -> RunRecord {
    var script = Script()
    (script.event, script.isPlan) = (event, isPlan)
    let record = try await PluginHarness(ThumbnailsPlugin.self, config: config, script: script).run()
    #expect(record.breaches.isEmpty)
    return record
  }

  private var keys: [String] {
    get async throws {
      var all: [String] = []
      for try await page in s3.listObjects(bucket: bucket, ListingScope(prefix: "in/thumbs/")) {
        all += page.records.map(\.key)
      }
      return all
    }
  }

  @Test func fromABucketIntoABucket() async throws {
    #expect(try await run(config(), isPlan: true).completion("a b.jpg")?.effect.contains("a b_large.jpg") == true)
    #expect(try await keys.isEmpty)
    let record = try await run(config())
    #expect(record.items.map(\.key) == ["a b.jpg", "a b.png", "notes.txt", "sub/ü.png"])
    #expect(record.completion("notes.txt")?.kind == .skipped)
    #expect(
      try await keys
        == [
          "a b.png_large", "a b.png_medium", "a b.png_thumbnail", "a b_large", "a b_medium", "a b_thumbnail", "sub/ü_large",
          "sub/ü_medium", "sub/ü_thumbnail",
        ].map { "in/thumbs/\($0).jpg" })
    let head = try await s3.headObject(bucket: bucket, key: "in/thumbs/a b_thumbnail.jpg")
    #expect(head.attributes.contentType == "image/jpeg" && head.attributes.cacheControl == "max-age=31536000")
    #expect(head.attributes.metadata["processed-by"] == "carillon-thumbnails/1.1.0")
    #expect(head.attributes.metadata["processed-at"]?.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    #expect(record.artifacts["contact-sheet.html"]?.text.contains("data:image/jpeg;base64") == true)
    // A second run has nothing to do, and its outputs are no sources.
    let again = try await run(config())
    #expect(again.items.count == 4 && again.completions.allSatisfy { $0.kind == .skipped })
    try await put("in/sub/ü.png", PNGFixture(41, 30, .rgb) { x, _, _ in x }.bytes)
    #expect(try await run(config()).completion("sub/ü.png")?.kind == .succeeded)
  }

  @Test func anEventNamesTheItems() async throws {
    func record(_ key: String, bucket: String, _ event: String = "ObjectCreated:Put") -> String {
      #"{"eventName":"\#(event)","s3":{"bucket":{"name":"\#(bucket)"},"object":{"key":"\#(key)","size":1}}}"#
    }
    let event =
      #"{"Records":["#
      + [
        record("in/a+b.png", bucket: bucket), record("in/sub/%C3%BC.png", bucket: bucket),
        record("in/gone.png", bucket: bucket),
        record("elsewhere.png", bucket: bucket), record("in/a+b.jpg", bucket: "other"),
        record("in/notes.txt", bucket: bucket, "ObjectRemoved:Delete"),
      ].joined(separator: ",") + "]}"
    let record = try await run(config(), event: event)
    #expect(record.items.map(\.key) == ["a b.png", "sub/ü.png"])
    // Called as a run over the whole folder would call it.
    #expect(try await keys.filter { $0.hasPrefix("in/thumbs/a b.png_") || $0.hasPrefix("in/thumbs/sub/ü_") }.count == 6)
    #expect(record.logs.contains { $0.message.contains("in/gone.png is gone") })
    await #expect { try await run(config(), event: #"{"detail":{}}"#) } throws: { "\($0)".contains("Records") }
  }

  @Test func whatChangedSinceItWasListedIsLeftToTheNextRun() async throws {
    let harness = PluginHarness(ThumbnailsPlugin.self, config: config())
    try await harness.create()
    try await harness.discover()
    try await put("in/a b.png", PNGFixture(41, 30, .rgba) { x, _, _ in x }.bytes)
    try await s3.deleteObject(bucket: bucket, key: "in/sub/ü.png")
    try await harness.process()
    try await harness.destroy()
    for key in ["a b.png", "sub/ü.png"] { #expect(harness.record.completion(key)?.kind == .skipped, "\(key)") }
  }

  @Test func fromABucketIntoAFolder() async throws {
    let folder = try ScratchFolder()
    let mixed = config().replacing("\"s3://\(bucket)/in/thumbs\"", with: #"{"folder":"\#(folder.path)/out"}"#)
    _ = try await run(mixed)
    #expect(folder.files.count == 9 && folder.files.contains("out/sub/ü_large.jpg"))
  }

  @Test func aBucketThatIsNotThereIsSaid() async throws {
    let absent = config().replacing("s3://\(bucket)/in\"", with: "s3://absent-bucket/in\"")
    await #expect { try await run(absent) } throws: { "\($0)".contains("NoSuchBucket") }
  }

  @Test(
    arguments: [
      ("s3://b", "b", ""), ("s3://b/", "b", ""), ("s3://b/p", "b", "p/"), ("s3://b/p/q/", "b", "p/q/"), ("s3://", nil, ""),
      ("s3:b", nil, ""), ("/b", nil, ""),
    ] as [(String, String?, String)])
  func places(text: String, bucket: String?, prefix: String) {
    #expect(ThumbnailsConfig.Place(s3: text) == bucket.map { .s3(bucket: $0, prefix: prefix) })
  }
}
