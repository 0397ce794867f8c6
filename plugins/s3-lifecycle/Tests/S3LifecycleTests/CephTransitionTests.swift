import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Testing

@testable import S3Lifecycle

/// Objects that go to other classes, on a real server.
@Suite struct CephTransitionTests {
  /// Archives take objects of any age.
  private let cold =
    #""mode":"transition","rules":[{"id":"cold","prefix":"old/","transitions":[{"days":0,"to":"GLACIER_IR"}]}]"#

  @Test func dueObjectsMoveWithEverythingTheyHave() async throws {
    try await Bench.run { bench in
      var options = PutOptions(
        attributes: ObjectAttributes(contentType: "text/x", cacheControl: "no-store", metadata: ["a": "1", "b": "zwei"]))
      options.tags = [Tag("k", "v"), Tag("x y", "ä&=")]
      options.acl = "public-read"
      try await bench.put("old/a +%ü", options)
      try await bench.put("old/small", bytes: 100)
      try await bench.put("new/c")
      try await bench.put("old/there", PutOptions(attributes: .init(), storageClass: .glacier))
      let before = try await bench.s3.objectACL(bucket: bench.bucket, key: "old/a +%ü")
      let record = try await bench.run(cold)
      #expect(record.items.map(\.key) == ["object/old/a +%ü"])
      #expect(record.kinds == [.succeeded])
      let head = try await bench.s3.headObject(bucket: bench.bucket, key: "old/a +%ü")
      #expect(head.storageClass == .glacierInstantRetrieval && head.length == 256 << 10)
      #expect(head.attributes.contentType == "text/x" && head.attributes.cacheControl == "no-store")
      #expect(head.attributes.metadata == ["a": "1", "b": "zwei"])
      let tags = try await bench.s3.objectTags(bucket: bench.bucket, key: "old/a +%ü")
      #expect(Set(tags) == Set(options.tags))
      #expect(try await grants(bench, "old/a +%ü") == ObjectGrants.headers(fromACL: before, endpoint: bench.s3.endpoint))
      #expect(try await grants(bench, "old/a +%ü").keys.contains("x-amz-grant-read"))
      let report = try JSONDecoder().decode(RunReport.self, from: Data(try #require(record.report).utf8))
      #expect(report.moved["GLACIER_IR"]?.objects == 1 && report.savesMonthly > 0)
      // Nothing is due a second time.
      #expect(try await bench.run(cold).items.isEmpty)
    }
  }

  private func grants(_ bench: Bench, _ key: String) async throws -> [String: String] {
    let document = try await bench.s3.objectACL(bucket: bench.bucket, key: key)
    return try ObjectGrants.headers(fromACL: document, endpoint: bench.s3.endpoint)
  }

  @Test func aPlanSaysWhatAndApplyDoesThat() async throws {
    try await Bench.run { bench in
      for number in 0..<5 { try await bench.put("old/\(number)") }
      let plan = try await bench.run(cold, isPlan: true)
      #expect(plan.items.count == 5)
      #expect(plan.completion("object/old/3")?.effect == #"{"from":"STANDARD","rule":"carillon-cold","to":"GLACIER_IR"}"#)
      #expect(try await bench.s3.headObject(bucket: bench.bucket, key: "old/3").storageClass == .standard)
      let file = try JSONDecoder().decode(PlanFile.self, from: Data(try #require(plan.artifacts["plan.json"]).content))
      #expect(file.items.count == 5 && file.items.bytes == 5 * 256 << 10)
      let applied = try await bench.apply(plan, cold)
      #expect(applied.items.count == 5 && Set(applied.kinds) == [.succeeded])
      // It has changed since: the plan did that.
      let spent = try await bench.apply(plan, cold).refusal
      #expect(spent.contains("5 items of") && spent.contains("now there are 0"))
    }
  }

  @Test func aBucketThatDriftedIsLeftAlone() async throws {
    try await Bench.run { bench in
      for number in 0..<3 { try await bench.put("old/\(number)") }
      let plan = try await bench.run(cold, isPlan: true)
      try await bench.put("old/1", bytes: 300 << 10)
      #expect(try await bench.apply(plan, cold).refusal.contains("has changed since the plan"))
      // The same count and bytes, and another object.
      try await bench.put("old/1")
      try await bench.s3.putObject(
        bucket: bench.bucket, key: "old/1", body: .bytes(ByteBuffer(repeating: 99, count: 256 << 10)))
      #expect(try await bench.apply(plan, cold).refusal.contains("not the same ones"))
      for number in 0..<3 {
        #expect(try await bench.s3.headObject(bucket: bench.bucket, key: "old/\(number)").storageClass == .standard)
      }
    }
  }

  @Test func whatChangedAfterItWasListedIsNotOverwritten() async throws {
    try await Bench.run { bench in
      try await bench.put("old/x")
      let item = try await due(bench, "old/x")
      try await bench.put("old/x", bytes: 300 << 10)
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep)
      #expect(try await mover.move(item) == .left("it has changed since it was listed"))
      #expect(try await bench.s3.headObject(bucket: bench.bucket, key: "old/x").storageClass == .standard)
      try await bench.s3.deleteObject(bucket: bench.bucket, key: "old/x")
      #expect(try await mover.move(item) == .left("it is gone"))
    }
  }

  private func due(_ bench: Bench, _ key: String, to storageClass: StorageClass = .glacierInstantRetrieval) async throws
    -> DueObject
  {
    let head = try await bench.s3.headObject(bucket: bench.bucket, key: key)
    return DueObject(
      key: key, versionID: head.versionID, bytes: head.length, eTag: head.eTag ?? "", from: head.storageClass, to: storageClass)
  }

  @Test func aVersionedBucketKeepsOneCopy() async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.put("old/v", bytes: 300 << 10)
      try await bench.put("old/v")
      #expect(try await bench.run(cold + #","versions":"skip""#).items.isEmpty)
      let record = try await bench.run(cold)
      #expect(record.kinds == [.succeeded])
      let versions = try await bench.versions()
      // The one before the last was noncurrent and stays what it was.
      #expect(versions.map(\.bytes) == [256 << 10, 300 << 10])
      #expect(versions.map(\.storageClass) == [.glacierInstantRetrieval, .standard])
    }
  }

  @Test func aPlanSaysWhatItRemovesAndIsAppliedAsItWasMade() async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.put("old/v")
      let version = try await bench.versions()[0].versionID
      // Kept, the version before would cost more than the move saves, but for a rule of the bucket's that ends it.
      let rule = try await bench.run(cold + #","versions":"keep""#)
      #expect(try rule.items.isEmpty && rule.analysis().savings.total.neverPays.objects == 1)
      try await bench.setRule { $0.noncurrentExpiration = .init(noncurrentDays: 20) }
      let keeping = try await bench.run(cold + #","versions":"keep""#, isPlan: true)
      #expect(try #require(keeping.completions.first).effect.contains("removes") == false)
      // Planned with one setting, applied with the other: neither removes a version that no plan showed.
      #expect(try await bench.apply(keeping, cold).refusal.contains(#"for the setting versions "keep", the job for "replace""#))
      let plan = try await bench.run(cold, isPlan: true)
      #expect(try #require(plan.completions.first).effect.contains(#""removes":"\#(version)""#))
      #expect(try await bench.apply(plan, cold + #","acl":"drop""#).refusal.contains("setting acl"))
      #expect(try await bench.versions().map(\.storageClass) == [.standard])
      #expect(try await bench.apply(plan, cold).kinds == [.succeeded])
    }
  }

  /// A job that moves objects ends none, and those that the bucket's own rules end soon are not worth a move.
  @Test func onlyTheBucketsOwnRulesEndObjects() async throws {
    try await Bench.run { bench in
      try await bench.put("old/x")
      let ending = cold.replacing("}]}]", with: #"}],"expireDays":2}]"#)
      let plan = try await bench.run(ending, isPlan: true)
      #expect(plan.items.count == 1)
      let line = try plan.analysis().savings.total
      #expect(line.expirySteadyMonthly == 0 && line.steadyMonthly > 0 && line.monthsUntilItPays != nil)
      try await bench.setRule { $0.expiration = .init(days: 20) }
      let soon = try await bench.run(ending, isPlan: true)
      #expect(try soon.items.isEmpty && soon.analysis().savings.total.neverPays.objects == 1)
      // What a plan was made for is judged again by the rules that are there now.
      #expect(try await bench.apply(plan, ending).refusal.contains("now there are 0"))
    }
  }

  @Test func aCopyWhoseCleaningUpBrokeOffIsFinished() async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      try await bench.put("old/v")
      let item = try await due(bench, "old/v")
      // As an attempt that died between its two requests left it.
      let mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .keep, acl: .keep)
      guard case .moved = try await mover.move(item) else { return #expect(Bool(false)) }
      #expect(try await bench.versions().count == 2)
      let again = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep)
      guard case .moved(let moved) = try await again.move(item) else { return #expect(Bool(false)) }
      #expect(moved.removedVersionID == item.versionID)
      #expect(try await bench.versions().map(\.storageClass) == [.glacierInstantRetrieval])
      #expect(try await again.move(item) == .left("it is in GLACIER_IR already"))
    }
  }

  @Test func longObjectsAreCopiedInParts() async throws {
    try await Bench.run { bench in
      var options = PutOptions(attributes: ObjectAttributes(contentType: "a/b", metadata: ["m": "1"]))
      options.tags = [Tag("t", "1")]
      options.acl = "public-read"
      try await bench.put("old/long", bytes: 11 << 20, options)
      let item = try await due(bench, "old/long")
      var mover = ObjectMover(s3: bench.s3, bucket: bench.bucket, versions: .replace, acl: .keep)
      (mover.wholeUpTo, mover.partBytes) = (6 << 20, 5 << 20)
      guard case .moved(let moved) = try await mover.move(item) else { return #expect(Bool(false)) }
      #expect(moved.eTag.contains("-3"))
      let head = try await bench.s3.headObject(bucket: bench.bucket, key: "old/long")
      #expect(
        head.storageClass == .glacierInstantRetrieval && head.length == 11 << 20 && head.attributes.metadata == ["m": "1"])
      #expect(try await bench.s3.objectTags(bucket: bench.bucket, key: "old/long") == options.tags)
      #expect(try await grants(bench, "old/long").keys.contains("x-amz-grant-read"))
      #expect(try await mover.move(item) == .left("it is in GLACIER_IR already"))
    }
  }
}
