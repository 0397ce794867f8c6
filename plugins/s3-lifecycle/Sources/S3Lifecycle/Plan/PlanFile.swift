package import AWSClient
import Foundation

/// What a plan run found and would do, kept as its artifact `plan.json`; `apply` does that and nothing else.
package struct PlanFile: Codable, Hashable, Sendable {
  package struct Items: Codable, Hashable, Sendable {
    package var count: Int
    package var bytes: Int64
    package var hash: String

    package init(_ hash: ItemListHash) {
      count = hash.count
      bytes = hash.bytes
      self.hash = hash.text
    }
  }

  package static let name = "plan.json"
  static let currentFormat = "carillon-s3-lifecycle-plan/2"

  package var format = currentFormat
  package var bucket: String
  package var prefix: String
  package var endpoint: String?
  package var mode: LifecycleConfig.Mode
  /// What becomes of replaced versions and of grants, in mode `transition`; absent in the others, where nothing is copied.
  package var versions: LifecycleConfig.Versions?
  package var acl: LifecycleConfig.ACL?
  /// Seconds since 1970. Ages count from here, also when the plan is applied later.
  package var plannedAt: Int
  /// The rules that the items come from.
  package var wanted: [LifecycleRule]
  package var tiering: [IntelligentTieringConfiguration]?
  /// Of the bucket's own rules and configurations when the plan was made.
  package var bucketHash: String
  package var items: Items

  package init(
    config: LifecycleConfig, plannedAt: Int, wanted: [LifecycleRule], tiering: [IntelligentTieringConfiguration]?,
    bucketHash: String, items: ItemListHash
  ) {
    bucket = config.bucket
    prefix = config.prefix
    endpoint = config.aws.endpoint
    mode = config.mode
    if mode == .transition { (versions, acl) = (config.versions, config.acl) }
    self.plannedAt = plannedAt
    self.wanted = wanted
    self.tiering = tiering
    self.bucketHash = bucketHash
    self.items = Items(items)
  }

  package var json: [UInt8] {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
      return [UInt8](try encoder.encode(self))
    }
  }

  /// Reads a plan for this configuration. Throws `S3LifecycleError.plan`.
  package static func read(_ path: String, for config: LifecycleConfig) throws(S3LifecycleError) -> PlanFile {
    let plan: PlanFile
    do {
      plan = try JSONDecoder().decode(PlanFile.self, from: Data(contentsOf: URL(filePath: path)))
    } catch {
      throw S3LifecycleError(.plan, "the plan \(path) cannot be read: \(error)")
    }
    guard plan.format == currentFormat else {
      throw S3LifecycleError(.plan, "\(path) is a \(plan.format), not a \(currentFormat)")
    }
    let copies = config.mode == .transition
    for (what, planned, wanted) in [
      ("bucket", plan.bucket, config.bucket), ("prefix", plan.prefix, config.prefix),
      ("endpoint", plan.endpoint ?? "AWS", config.aws.endpoint ?? "AWS"), ("mode", plan.mode.rawValue, config.mode.rawValue),
      ("setting versions", plan.versions?.rawValue ?? "", copies ? config.versions.rawValue : ""),
      ("setting acl", plan.acl?.rawValue ?? "", copies ? config.acl.rawValue : ""),
    ] where planned != wanted {
      throw S3LifecycleError(.plan, "the plan \(path) is for the \(what) \"\(planned)\", the job for \"\(wanted)\"")
    }
    return plan
  }

  /// Throws `drifted` unless the same items were found again.
  package func check(_ found: ItemListHash) throws(S3LifecycleError) {
    let again = Items(found)
    guard again != items else { return }
    throw S3LifecycleError(
      .drifted,
      "\(bucket) has changed since the plan: \(items.count) items of \(items.bytes) bytes were planned, "
        + "now there are \(again.count) of \(again.bytes)\(again.count == items.count ? ", and not the same ones" : ""); "
        + "make a new plan")
  }
}

/// Tells states of a bucket's own settings apart.
package enum BucketState {
  package static func hash(
    _ lifecycle: LifecycleConfiguration, tiering: [IntelligentTieringConfiguration]?
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var hash = ItemListHash()
    if let size = lifecycle.defaultMinimumSize { hash.add("minimum size\0" + size) }
    for rule in lifecycle.rules { hash.add(String(decoding: try encoder.encode(rule.meaning), as: UTF8.self)) }
    for configuration in tiering ?? [] { hash.add(String(decoding: try encoder.encode(configuration), as: UTF8.self)) }
    return hash.text
  }
}
