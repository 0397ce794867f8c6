package import AWSClient

/// The job's `config`. Only `bucket` is required.
package struct LifecycleConfig: Codable, Hashable, Sendable {
  /// What a run is for.
  package enum Mode: String, Codable, Hashable, Sendable, CaseIterable {
    /// Looks and reports. Changes nothing.
    case analyse
    /// Brings the bucket's lifecycle rules and Intelligent-Tiering configurations to what is wanted.
    case rules
    /// Moves every object that is due by itself.
    case transition
  }

  /// What becomes of the version that a copy has replaced, in a versioned bucket.
  package enum Versions: String, Codable, Hashable, Sendable, CaseIterable {
    /// It is removed when the copy is there: its bytes are those of the copy.
    case replace
    /// It stays as a noncurrent version, and is paid for.
    case keep
    /// Objects of versioned buckets are left alone.
    case skip
  }

  /// What becomes of an object's grants.
  package enum ACL: String, Codable, Hashable, Sendable, CaseIterable {
    /// They are read before and given to the copy.
    case keep
    /// The copy belongs to the owner alone; saves a request an object.
    case drop
  }

  /// Default `analyse`.
  package var mode: Mode
  package var bucket: String
  /// Only what begins with it is analysed and moved; the archive preset's rule is for it. Default: everything.
  package var prefix: String
  package var aws: AWSSettings
  /// Default `generated`.
  package var rules: RuleChoice
  /// Begins the id of every rule that is ours. Default `carillon-`.
  package var idPrefix: String
  /// Absent: the bucket's configurations are not looked at.
  package var tiering: [DeclaredTiering]?
  /// Smaller objects stay where they are. Default 131,072 bytes, below which AWS bills the colder classes as if.
  package var minBytes: Int64
  /// Whether generated rules say how large an object must be to pay. Default: at AWS, which knows the filter.
  package var sizeFilters: Bool?
  /// How long a move may take to pay. Default 36 months.
  package var horizonMonths: Int
  /// A price file instead of the standard prices.
  package var prices: String?
  package var versions: Versions
  package var acl: ACL
  /// Prefixes listed at once. Default 16.
  package var listers: Int
  /// A plan file: does what it says, and nothing when the bucket has changed since.
  package var apply: String?

  package init(bucket: String, mode: Mode = .analyse) {
    self.bucket = bucket
    self.mode = mode
    prefix = ""
    aws = AWSSettings()
    rules = .generated
    idPrefix = "carillon-"
    minBytes = 131_072
    horizonMonths = 36
    versions = .replace
    acl = .keep
    listers = 16
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(bucket: try values.decode(String.self, forKey: .bucket))
    mode = try values.decodeIfPresent(Mode.self, forKey: .mode) ?? mode
    prefix = try values.decodeIfPresent(String.self, forKey: .prefix) ?? prefix
    aws = try values.decodeIfPresent(AWSSettings.self, forKey: .aws) ?? aws
    rules = try values.decodeIfPresent(RuleChoice.self, forKey: .rules) ?? rules
    idPrefix = try values.decodeIfPresent(String.self, forKey: .idPrefix) ?? idPrefix
    tiering = try values.decodeIfPresent([DeclaredTiering].self, forKey: .tiering)
    minBytes = try values.decodeIfPresent(Int64.self, forKey: .minBytes) ?? minBytes
    sizeFilters = try values.decodeIfPresent(Bool.self, forKey: .sizeFilters)
    horizonMonths = try values.decodeIfPresent(Int.self, forKey: .horizonMonths) ?? horizonMonths
    prices = try values.decodeIfPresent(String.self, forKey: .prices)
    versions = try values.decodeIfPresent(Versions.self, forKey: .versions) ?? versions
    acl = try values.decodeIfPresent(ACL.self, forKey: .acl) ?? acl
    listers = try values.decodeIfPresent(Int.self, forKey: .listers) ?? listers
    apply = try values.decodeIfPresent(String.self, forKey: .apply)
  }

  /// Whether generated rules may filter by size.
  package var filtersBySize: Bool { sizeFilters ?? (aws.endpoint == nil) }
}
