import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import NIOCore
import Testing

@testable import S3Lifecycle

/// Ceph's own lifecycle engine at work by the rules that the plugin has put. Its days are seconds here.
@Suite(.timeLimit(.minutes(2))) struct CephLifecycleTests {
  @Test func rulesThatWerePutMoveAndEndObjects() async throws {
    try await Bench.run { bench in
      for key in ["moves/x", "ends/x", "stays/x"] {
        try await bench.put(key, PutOptions(attributes: .init(metadata: ["a": "1"])))
      }
      _ = try await bench.s3.createMultipartUpload(to: ObjectPlace(bucket: bench.bucket, key: "stays/part"))
      let rules = [
        #"{"id":"moves","prefix":"moves/","transitions":[{"days":1,"to":"GLACIER_IR"}]}"#,
        #"{"id":"ends","prefix":"ends/","expireDays":1}"#, #"{"id":"uploads","abortUploadsDays":1}"#,
      ]
      #expect(try await bench.run(#""mode":"rules","rules":[\#(rules.joined(separator: ","))]"#).kinds == [.succeeded])
      var isMoved = false
      var (isEnded, isAborted) = (false, false)
      let deadline = ContinuousClock.now + .seconds(60)
      while !isMoved || !isEnded || !isAborted {
        try #require(ContinuousClock.now < deadline, "moved \(isMoved), ended \(isEnded), aborted \(isAborted) after 60 s")
        let head = try await bench.s3.headObject(bucket: bench.bucket, key: "moves/x")
        isMoved = head.storageClass == .glacierInstantRetrieval
        if isMoved { #expect(head.attributes.metadata == ["a": "1"] && head.length == 256 << 10) }
        var keys: [String] = []
        for try await page in bench.s3.listObjects(bucket: bench.bucket) { keys += page.records.map(\.key) }
        isEnded = keys == ["moves/x", "stays/x"]
        isAborted = true
        for try await page in bench.s3.listUploads(bucket: bench.bucket) where !page.records.isEmpty { isAborted = false }
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(try await bench.s3.headObject(bucket: bench.bucket, key: "stays/x").storageClass == .standard)
      // What the engine has moved is where the plugin wants it.
      let transition =
        #""mode":"transition","rules":[{"id":"moves","prefix":"moves/","transitions":[{"days":0,"to":"GLACIER_IR"}]}]"#
      #expect(try await bench.run(transition).items.isEmpty)
    }
  }
}
