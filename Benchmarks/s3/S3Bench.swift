import AWSClient
import Foundation
import S3Lifecycle

/// The work that is measured.
struct S3Bench {
  let s3: S3
  let bucket: String

  /// Goes through the whole bucket, page after page, so many times. Gives the number of keys.
  func list(rounds: Int) async throws -> Int {
    var keys = 0
    for _ in 0..<rounds {
      for try await page in s3.listObjects(bucket: bucket) { keys += page.records.count }
    }
    return keys
  }

  /// Analyses the whole bucket as the plugin does: counted, and judged by the standard rules. Gives the number of keys.
  func analyse(listers: Int) async throws -> Int {
    let rules = StandardRules.candidates(.archive, prefix: "", isVersioned: false).map { $0.rule(idPrefix: "bench-") }
    let shared = Survey.Shared(
      book: RuleBook(rules), forecaster: Forecaster(prices: .standard, minBytes: 131_072, horizonMonths: 36, copies: false),
      now: 1_800_000_000, hasItems: false)
    var result = shared.makeResult()
    try await BucketScan(s3: s3, bucket: bucket, prefix: "", hasVersions: false, listers: listers)
      .run {
        Survey(shared)
      } collect: {
        result.add($0.finished())
      }
    return result.analysis.current.objects
  }

  /// Copies so many objects into the bucket beside, and another class.
  func copy(_ count: Int, concurrency: Int) async throws -> Int {
    try await withThrowingTaskGroup(of: Int.self) { group in
      for lane in 0..<concurrency {
        group.addTask {
          var done = 0
          for number in stride(from: lane, to: count, by: concurrency) {
            let place = ObjectPlace(bucket: bucket, key: String(format: "data/2026/11/part-%07d.parquet", number))
            let copy = ObjectPlace(bucket: bucket + "-copy", key: place.key)
            try await s3.copyObject(from: place, to: copy, options: CopyOptions(storageClass: .standardIA))
            done += 1
          }
          return done
        }
      }
      return try await group.reduce(0, +)
    }
  }
}
