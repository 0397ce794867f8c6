/// A bucket's lifecycle configuration, with everything that the S3 API documents, so that a rule which is read and put again is
/// the same rule.
package struct LifecycleConfiguration: Hashable, Sendable, Codable {
  package var rules: [LifecycleRule]
  /// Below which size rules that ask for none move nothing: `all_storage_classes_128K` or `varies_by_storage_class`. A header of
  /// AWS's beside the document; `nil` where the store has no such setting. Put without it, a configuration gets AWS's default.
  package var defaultMinimumSize: String?

  package init(rules: [LifecycleRule], defaultMinimumSize: String? = nil) {
    self.rules = rules
    self.defaultMinimumSize = defaultMinimumSize
  }

  enum CodingKeys: String, CodingKey {
    case rules = "Rule"
  }
}

package struct LifecycleRule: Hashable, Sendable, Codable {
  package struct Filter: Hashable, Sendable, Codable {
    package struct And: Hashable, Sendable, Codable {
      package var prefix: String?
      package var tags: [Tag]?
      package var objectSizeGreaterThan: Int64?
      package var objectSizeLessThan: Int64?

      package init() {}

      enum CodingKeys: String, CodingKey {
        case prefix = "Prefix"
        case tags = "Tag"
        case objectSizeGreaterThan = "ObjectSizeGreaterThan"
        case objectSizeLessThan = "ObjectSizeLessThan"
      }
    }

    package var prefix: String?
    package var tag: Tag?
    package var objectSizeGreaterThan: Int64?
    package var objectSizeLessThan: Int64?
    package var and: And?

    package init(prefix: String? = nil) { self.prefix = prefix }

    enum CodingKeys: String, CodingKey {
      case prefix = "Prefix"
      case tag = "Tag"
      case objectSizeGreaterThan = "ObjectSizeGreaterThan"
      case objectSizeLessThan = "ObjectSizeLessThan"
      case and = "And"
    }
  }

  package struct Transition: Hashable, Sendable, Codable {
    package var days: Int?
    package var date: String?
    package var storageClass: StorageClass

    package init(days: Int, storageClass: StorageClass) {
      self.days = days
      self.storageClass = storageClass
    }

    enum CodingKeys: String, CodingKey {
      case days = "Days"
      case date = "Date"
      case storageClass = "StorageClass"
    }
  }

  package struct Expiration: Hashable, Sendable, Codable {
    package var days: Int?
    package var date: String?
    package var expiredObjectDeleteMarker: Bool?

    package init(days: Int? = nil) { self.days = days }

    enum CodingKeys: String, CodingKey {
      case days = "Days"
      case date = "Date"
      case expiredObjectDeleteMarker = "ExpiredObjectDeleteMarker"
    }
  }

  package struct NoncurrentTransition: Hashable, Sendable, Codable {
    package var noncurrentDays: Int?
    package var newerNoncurrentVersions: Int?
    package var storageClass: StorageClass

    package init(noncurrentDays: Int, storageClass: StorageClass) {
      self.noncurrentDays = noncurrentDays
      self.storageClass = storageClass
    }

    enum CodingKeys: String, CodingKey {
      case noncurrentDays = "NoncurrentDays"
      case newerNoncurrentVersions = "NewerNoncurrentVersions"
      case storageClass = "StorageClass"
    }
  }

  package struct NoncurrentExpiration: Hashable, Sendable, Codable {
    package var noncurrentDays: Int?
    package var newerNoncurrentVersions: Int?

    package init(noncurrentDays: Int) { self.noncurrentDays = noncurrentDays }

    enum CodingKeys: String, CodingKey {
      case noncurrentDays = "NoncurrentDays"
      case newerNoncurrentVersions = "NewerNoncurrentVersions"
    }
  }

  package struct Abort: Hashable, Sendable, Codable {
    package var daysAfterInitiation: Int

    package init(daysAfterInitiation: Int) { self.daysAfterInitiation = daysAfterInitiation }

    enum CodingKeys: String, CodingKey {
      case daysAfterInitiation = "DaysAfterInitiation"
    }
  }

  /// Up to 255 characters, unique in the bucket; the service makes one up where there is none.
  package var id: String?
  package var isEnabled: Bool
  /// Of rules from before filters.
  package var legacyPrefix: String?
  package var filter: Filter?
  package var transitions: [Transition]?
  package var expiration: Expiration?
  package var noncurrentTransitions: [NoncurrentTransition]?
  package var noncurrentExpiration: NoncurrentExpiration?
  package var abortIncompleteUploads: Abort?

  package init(id: String, prefix: String, isEnabled: Bool = true) {
    self.id = id
    self.isEnabled = isEnabled
    filter = Filter(prefix: prefix)
  }

  enum CodingKeys: String, CodingKey {
    case id = "ID"
    case status = "Status"
    case legacyPrefix = "Prefix"
    case filter = "Filter"
    case transitions = "Transition"
    case expiration = "Expiration"
    case noncurrentTransitions = "NoncurrentVersionTransition"
    case noncurrentExpiration = "NoncurrentVersionExpiration"
    case abortIncompleteUploads = "AbortIncompleteMultipartUpload"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    id = try container.decodeIfPresent(String.self, forKey: .id)
    isEnabled = try container.decode(String.self, forKey: .status) == "Enabled"
    legacyPrefix = try container.decodeIfPresent(String.self, forKey: .legacyPrefix)
    filter = try container.decodeIfPresent(Filter.self, forKey: .filter)
    // XMLCoder answers no elements as an empty array; nothing stands for it in the document either.
    func list<Element: Decodable>(_ key: CodingKeys) throws -> [Element]? {
      let all = try container.decodeIfPresent([Element].self, forKey: key)
      return all?.isEmpty == true ? nil : all
    }
    transitions = try list(.transitions)
    expiration = try container.decodeIfPresent(Expiration.self, forKey: .expiration)
    noncurrentTransitions = try list(.noncurrentTransitions)
    noncurrentExpiration = try container.decodeIfPresent(NoncurrentExpiration.self, forKey: .noncurrentExpiration)
    abortIncompleteUploads = try container.decodeIfPresent(Abort.self, forKey: .abortIncompleteUploads)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(id, forKey: .id)
    try container.encodeIfPresent(legacyPrefix, forKey: .legacyPrefix)
    try container.encodeIfPresent(filter, forKey: .filter)
    try container.encode(isEnabled ? "Enabled" : "Disabled", forKey: .status)
    try container.encodeIfPresent(transitions, forKey: .transitions)
    try container.encodeIfPresent(expiration, forKey: .expiration)
    try container.encodeIfPresent(noncurrentTransitions, forKey: .noncurrentTransitions)
    try container.encodeIfPresent(noncurrentExpiration, forKey: .noncurrentExpiration)
    try container.encodeIfPresent(abortIncompleteUploads, forKey: .abortIncompleteUploads)
  }
}
