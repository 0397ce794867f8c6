import AWSClient
import AWSTestServers
import CarillonPlugin
import CarillonPluginTesting
import Foundation
import NIOCore
import Testing

@testable import S3Lifecycle

/// Analysis and rules, against a real server.
@Suite struct CephPlanTests {
  @Test func aBucketIsAnalysed() async throws {
    try await Bench.run { bench in
      for number in 0..<30 { try await bench.put("logs/\(number % 5)/\(number)", bytes: 100) }
      for number in 0..<7 { try await bench.put("k\(number)", bytes: 10) }
      try await bench.put("uploads/deep/er/x", bytes: 1_000, PutOptions(attributes: .init(), storageClass: .standardIA))
      _ = try await bench.s3.createMultipartUpload(to: ObjectPlace(bucket: bench.bucket, key: "uploads/part"))
      let record = try await bench.run("\"listers\":4")
      #expect(record.items.isEmpty)
      let document = try record.analysis()
      let analysis = document.analysis
      #expect(analysis.current.objects == 38 && analysis.current.bytes == 4_070)
      #expect(analysis.prefixes.mapValues(\.current.objects) == ["logs/": 30, "uploads/": 1, "": 7])
      #expect(analysis.classes.mapValues(\.objects) == ["STANDARD": 37, "STANDARD_IA": 1])
      #expect(analysis.ages[0].objects == 38 && analysis.uploads.count == 1 && analysis.uploads.old == 0)
      #expect(document.changes.map(\.id) == ["carillon-logs", "carillon-uploads", "carillon-abort-uploads"])
      #expect(document.changes.allSatisfy { $0.kind == .added })
      let text = try #require(record.artifacts["analysis.md"]).text
      #expect(text.contains("| `logs/` | 30 | 2.9 KiB |") && text.contains("+ after 90 d to GLACIER"))
      // A rule that no object has to do with is in the diff and not among the savings.
      #expect(text.contains("| carillon-logs | ") && !text.contains("| carillon-abort-uploads | "))
      #expect(text.contains("Prices: AWS's list prices of us-east-1. "))
      let report = try JSONDecoder().decode(RunReport.self, from: Data(try #require(record.report).utf8))
      #expect(report.survey?.current.objects == 38 && report.survey?.incompleteUploads == 1)
      #expect(try await bench.s3.lifecycle(bucket: bench.bucket).rules.isEmpty)
    }
  }

  @Test func manyPrefixesAreListedOnce() async throws {
    try await Bench.run { bench in
      // More prefixes than are listed one by one, on several pages, with keys between them.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<450 {
          group.addTask { try await bench.put("u/\(number)/a", bytes: 1) }
          if number % 3 == 0 { group.addTask { try await bench.put("u/\(number).", bytes: 2) } }
        }
        try await group.waitForAll()
      }
      var scan = BucketScan(s3: bench.s3, bucket: bench.bucket, prefix: "", hasVersions: false, listers: 3)
      scan.pageSize = 250
      var analysis = Analysis()
      let book = RuleBook([])
      let forecaster = Forecaster(prices: .standard, minBytes: 0, horizonMonths: 1, copies: false)
      try await scan.run {
        Survey(.init(book: book, forecaster: forecaster, now: 0, hasItems: false))
      } collect: {
        analysis.add($0.finished().analysis)
      }
      #expect(analysis.current.objects == 600 && analysis.current.bytes == 750)
      var versions = BucketScan(s3: bench.s3, bucket: bench.bucket, prefix: "u/", hasVersions: true, listers: 3)
      versions.pageSize = 200
      var again = Analysis()
      try await versions.run {
        Survey(.init(book: book, forecaster: forecaster, now: 0, hasItems: false))
      } collect: {
        again.add($0.finished().analysis)
      }
      #expect(again.current == analysis.current)
    }
  }

  @Test func versionsAreCountedByTheirReplacement() async throws {
    try await Bench.run { bench in
      try await bench.s3.setVersioning(bucket: bench.bucket, .enabled)
      for _ in 0..<3 { try await bench.put("v", bytes: 100) }
      try await bench.s3.deleteObject(bucket: bench.bucket, key: "v")
      try await bench.put("w", bytes: 5)
      let document = try await bench.run("").analysis()
      #expect(document.analysis.noncurrent.objects == 3 && document.analysis.noncurrent.bytes == 300)
      #expect(document.analysis.deleteMarkers == 1 && document.analysis.current.objects == 1)
      #expect(document.changes.map(\.id) == ["carillon-abort-uploads", "carillon-noncurrent"])
    }
  }

  @Test func rulesArePlannedAppliedAndKept() async throws {
    try await Bench.run { bench in
      try await bench.put("logs/a", bytes: 10)
      var theirs = LifecycleRule(id: "theirs", prefix: "tmp/")
      theirs.expiration = .init(days: 1)
      var old = LifecycleRule(id: "carillon-old", prefix: "old/")
      old.expiration = .init(days: 5)
      try await bench.s3.setLifecycle(bucket: bench.bucket, LifecycleConfiguration(rules: [theirs, old]))
      let plan = try await bench.run(#""mode":"rules""#, isPlan: true)
      #expect(plan.items.map(\.key) == ["rules"])
      let effect = try #require(plan.completion("rules")).effect
      #expect(effect.contains("carillon-old: removed") && effect.contains("carillon-logs: added") && !effect.contains("theirs"))
      #expect(try await bench.s3.lifecycle(bucket: bench.bucket).rules.count == 2)

      let applied = try await bench.apply(plan, #""mode":"rules""#)
      #expect(applied.completion("rules")?.output == #"{"applied":3}"#)
      let rules = try await bench.s3.lifecycle(bucket: bench.bucket).rules
      #expect(Set(rules.compactMap(\.id)) == ["theirs", "carillon-logs", "carillon-abort-uploads"])
      #expect(rules.first { $0.id == "theirs" }?.meaning == theirs.meaning)
      let logs = try #require(rules.first { $0.id == "carillon-logs" })
      #expect(logs.lines == ["prefix logs/", "after 30 d to STANDARD_IA", "after 90 d to GLACIER", "after 365 d expire"])
      // A second time there is nothing to do, by the plan or without it.
      #expect(try await bench.apply(plan, #""mode":"rules""#).items.isEmpty)
      #expect(try await bench.run(#""mode":"rules""#).items.isEmpty)
    }
  }

  /// A job for one folder says nothing of the others.
  @Test func rulesForMoreThanWasScannedStay() async throws {
    try await Bench.run { bench in
      for key in ["logs/a", "uploads/2026/a"] { try await bench.put(key, bytes: 10) }
      #expect(try await bench.run(#""mode":"rules""#).kinds == [.succeeded])
      let before = Set(try await bench.s3.lifecycle(bucket: bench.bucket).rules.map(\.meaning))
      #expect(before.count == 3)
      for prefix in ["uploads/2026/", "uploads/", "nothing/", "log"] {
        #expect(try await bench.run(#""mode":"rules","prefix":"\#(prefix)""#).items.isEmpty, "\(prefix)")
      }
      #expect(Set(try await bench.s3.lifecycle(bucket: bench.bucket).rules.map(\.meaning)) == before)
      // What was gone through and holds nothing needs no rule.
      try await bench.s3.deleteObject(bucket: bench.bucket, key: "logs/a")
      #expect(try await bench.run(#""mode":"rules","prefix":"logs/""#).kinds == [.succeeded])
      #expect(try await bench.s3.lifecycle(bucket: bench.bucket).rules.count == 2)
      // A list is everything that is wanted, whatever the prefix.
      let list = #"[{"id":"mine","prefix":"x/","expireDays":9}]"#
      #expect(try await bench.run(#""mode":"rules","prefix":"x/","rules":\#(list)"#).kinds == [.succeeded])
      #expect(try await bench.s3.lifecycle(bucket: bench.bucket).rules.map(\.id) == ["carillon-mine"])
    }
  }

  @Test func aPlanOfOtherRulesIsRefused() async throws {
    try await Bench.run { bench in
      let plan = try await bench.run(#""mode":"rules""#, isPlan: true)
      var theirs = LifecycleRule(id: "theirs", prefix: "tmp/")
      theirs.expiration = .init(days: 1)
      try await bench.s3.setLifecycle(bucket: bench.bucket, LifecycleConfiguration(rules: [theirs]))
      #expect(try await bench.apply(plan, #""mode":"rules""#).refusal.contains("have changed since the plan"))
      #expect(try await bench.s3.lifecycle(bucket: bench.bucket).rules.map(\.id) == ["theirs"])
      #expect(try await bench.apply(plan, #""mode":"transition""#).refusal.contains("is for the mode"))
    }
  }

  @Test func aStoreThatDropsPartOfARuleIsFoundOut() async throws {
    try await Bench.run { bench in
      // Ceph 16 takes a size and forgets it.
      let rule = #"{"id":"x","largerThanBytes":1000000,"transitions":[{"days":30,"to":"STANDARD_IA"}]}"#
      let record = try await bench.run(#""mode":"rules","rules":[\#(rule)]"#)
      let ended = try #require(record.completion("rules"))
      #expect(
        ended.kind == .failed
          && ended.reason.contains("took the rules and answers others: carillon-x (every object, over 1000000"))
    }
  }

  @Test func aChangeBetweenDiscoveryAndApplyIsNotOverwritten() async throws {
    try await Bench.run { bench in
      let existing = try BucketState.hash(LifecycleConfiguration(rules: []), tiering: nil)
      var theirs = LifecycleRule(id: "theirs", prefix: "tmp/")
      theirs.expiration = .init(days: 1)
      try await bench.s3.setLifecycle(bucket: bench.bucket, LifecycleConfiguration(rules: [theirs]))
      let writer = RuleWriter(s3: bench.s3, bucket: bench.bucket, idPrefix: "carillon-")
      let error = await #expect(throws: S3LifecycleError.self) {
        try await writer.write(
          RulesItem(wanted: [StandardRules.abortUploads.rule(idPrefix: "carillon-")], bucketHash: existing))
      }
      #expect(error?.code == .drifted)
    }
  }
}
