/// When objects in Intelligent-Tiering go to its archive tiers; one of a bucket's up to 1,000 configurations.
package struct IntelligentTieringConfiguration: Hashable, Sendable, Codable {
  package struct Tiering: Hashable, Sendable, Codable {
    /// `ARCHIVE_ACCESS` (90 to 730 days) or `DEEP_ARCHIVE_ACCESS` (180 to 730).
    package var accessTier: String
    /// Without an access.
    package var days: Int

    package init(accessTier: String, days: Int) {
      self.accessTier = accessTier
      self.days = days
    }

    enum CodingKeys: String, CodingKey {
      case accessTier = "AccessTier"
      case days = "Days"
    }
  }

  package struct Filter: Hashable, Sendable, Codable {
    package struct And: Hashable, Sendable, Codable {
      package var prefix: String?
      package var tags: [Tag]?

      package init() {}

      enum CodingKeys: String, CodingKey {
        case prefix = "Prefix"
        case tags = "Tag"
      }
    }

    package var prefix: String?
    package var tag: Tag?
    package var and: And?

    package init(prefix: String? = nil) { self.prefix = prefix }

    enum CodingKeys: String, CodingKey {
      case prefix = "Prefix"
      case tag = "Tag"
      case and = "And"
    }
  }

  package var id: String
  package var filter: Filter?
  /// `Enabled` or `Disabled`.
  package var status: String
  package var tierings: [Tiering]

  package init(id: String, prefix: String? = nil, tierings: [Tiering]) {
    self.id = id
    filter = prefix.map { Filter(prefix: $0) }
    status = "Enabled"
    self.tierings = tierings
  }

  enum CodingKeys: String, CodingKey {
    case id = "Id"
    case filter = "Filter"
    case status = "Status"
    case tierings = "Tiering"
  }
}

struct IntelligentTieringList: Decodable, Sendable {
  var isTruncated: Bool?
  var nextToken: String?
  var configurations: [IntelligentTieringConfiguration]?

  enum CodingKeys: String, CodingKey {
    case isTruncated = "IsTruncated"
    case nextToken = "NextContinuationToken"
    case configurations = "IntelligentTieringConfiguration"
  }
}
