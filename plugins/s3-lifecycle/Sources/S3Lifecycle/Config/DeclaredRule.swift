package import AWSClient

/// Which rules a bucket is to have: `generated`, `archive`, or a list.
package enum RuleChoice: Codable, Hashable, Sendable {
  /// The standard rules for what the analysis finds.
  case generated
  /// Everything below the job's prefix, in three steps to DEEP_ARCHIVE.
  case archive
  case declared([DeclaredRule])

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let word: String
    do { word = try single.decode(String.self) } catch is DecodingError {
      self = .declared(try single.decode([DeclaredRule].self))
      return
    }
    switch word {
    case "generated": self = .generated
    case "archive": self = .archive
    default:
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be generated, archive or a list of rules, is \"\(word)\"")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    switch self {
    case .generated: try single.encode("generated")
    case .archive: try single.encode("archive")
    case .declared(let rules): try single.encode(rules)
    }
  }
}

/// A rule as a job's file has it. Days count from an object's creation, those of `noncurrent` from its replacement.
package struct DeclaredRule: Codable, Hashable, Sendable {
  package struct Step: Codable, Hashable, Sendable {
    package var days: Int
    package var to: StorageClass

    package init(days: Int, to storageClass: StorageClass) {
      self.days = days
      to = storageClass
    }
  }

  package struct Noncurrent: Codable, Hashable, Sendable {
    package var transitions: [Step]?
    package var expireDays: Int?
    /// So many noncurrent versions are kept, whatever their age.
    package var keepNewest: Int?

    package init(transitions: [Step]? = nil, expireDays: Int? = nil) {
      self.transitions = transitions
      self.expireDays = expireDays
    }
  }

  /// Without the job's `idPrefix`.
  package var id: String
  package var prefix: String?
  package var tags: [String: String]?
  package var largerThanBytes: Int64?
  package var smallerThanBytes: Int64?
  package var transitions: [Step]?
  package var expireDays: Int?
  package var noncurrent: Noncurrent?
  package var abortUploadsDays: Int?

  package init(id: String, prefix: String? = nil) {
    self.id = id
    self.prefix = prefix
  }

  /// The rule as S3 has it.
  package func rule(idPrefix: String) -> LifecycleRule {
    var rule = LifecycleRule(id: idPrefix + id, prefix: prefix ?? "")
    let tagList = (tags ?? [:]).sorted { $0.key < $1.key }.map { Tag($0.key, $0.value) }
    rule.filter = LifecycleRule.Filter.make(
      prefix: prefix ?? "", tags: tagList, largerThan: largerThanBytes, smallerThan: smallerThanBytes)
    rule.transitions = transitions.map { $0.map { .init(days: $0.days, storageClass: $0.to) } }
    rule.expiration = expireDays.map { .init(days: $0) }
    rule.abortIncompleteUploads = abortUploadsDays.map { .init(daysAfterInitiation: $0) }
    guard let noncurrent else { return rule }
    rule.noncurrentTransitions = noncurrent.transitions.map { $0.map { .init(noncurrentDays: $0.days, storageClass: $0.to) } }
    rule.noncurrentExpiration = noncurrent.expireDays.map { .init(noncurrentDays: $0) }
    rule.noncurrentExpiration?.newerNoncurrentVersions = noncurrent.keepNewest
    return rule
  }
}

extension LifecycleRule.Filter {
  /// One condition stands alone, several stand in `And`, as S3 wants them.
  static func make(prefix: String, tags: [Tag] = [], largerThan: Int64? = nil, smallerThan: Int64? = nil) -> Self {
    let conditions = (prefix.isEmpty ? 0 : 1) + tags.count + (largerThan == nil ? 0 : 1) + (smallerThan == nil ? 0 : 1)
    if conditions <= 1 {
      var filter = Self(prefix: largerThan == nil && smallerThan == nil && tags.isEmpty ? prefix : nil)
      filter.tag = tags.first
      (filter.objectSizeGreaterThan, filter.objectSizeLessThan) = (largerThan, smallerThan)
      return filter
    }
    var and = And()
    and.prefix = prefix.isEmpty ? nil : prefix
    and.tags = tags.isEmpty ? nil : tags
    (and.objectSizeGreaterThan, and.objectSizeLessThan) = (largerThan, smallerThan)
    var filter = Self()
    filter.and = and
    return filter
  }
}

/// An Intelligent-Tiering configuration as a job's file has it. Days without an access.
package struct DeclaredTiering: Codable, Hashable, Sendable {
  /// Without the job's `idPrefix`.
  package var id: String
  package var prefix: String?
  /// To ARCHIVE_ACCESS: 90 to 730.
  package var archiveDays: Int?
  /// To DEEP_ARCHIVE_ACCESS: 180 to 730.
  package var deepArchiveDays: Int?

  package init(id: String, prefix: String? = nil, archiveDays: Int? = nil, deepArchiveDays: Int? = nil) {
    self.id = id
    self.prefix = prefix
    self.archiveDays = archiveDays
    self.deepArchiveDays = deepArchiveDays
  }

  package func configuration(idPrefix: String) -> IntelligentTieringConfiguration {
    var tierings: [IntelligentTieringConfiguration.Tiering] = []
    if let archiveDays { tierings.append(.init(accessTier: "ARCHIVE_ACCESS", days: archiveDays)) }
    if let deepArchiveDays { tierings.append(.init(accessTier: "DEEP_ARCHIVE_ACCESS", days: deepArchiveDays)) }
    return IntelligentTieringConfiguration(
      id: idPrefix + id, prefix: prefix?.isEmpty == false ? prefix : nil, tierings: tierings)
  }
}
