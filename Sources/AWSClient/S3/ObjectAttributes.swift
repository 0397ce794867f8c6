/// What is stored with an object's bytes and given back with them. Only what is set is sent.
package struct ObjectAttributes: Hashable, Sendable {
  package var contentType: String?
  package var cacheControl: String?
  package var contentDisposition: String?
  package var contentEncoding: String?
  package var contentLanguage: String?
  package var expires: String?
  package var websiteRedirect: String?
  /// `AES256`, `aws:kms`; sent as asked, read as applied.
  package var encryption: String?
  package var kmsKeyID: String?
  /// `x-amz-meta-…`, without that prefix; S3 makes the names lower-case. Values are ASCII.
  package var metadata: [String: String] = [:]

  package init(contentType: String? = nil, cacheControl: String? = nil, metadata: [String: String] = [:]) {
    self.contentType = contentType
    self.cacheControl = cacheControl
    self.metadata = metadata
  }

  init(_ answer: AnswerHead) {
    for (name, path) in Self.names { self[keyPath: path] = answer.text(name) }
    for (name, value) in answer.headers where name.lowercased().hasPrefix(Self.metadataPrefix) {
      metadata[String(name.lowercased().dropFirst(Self.metadataPrefix.count))] = value
    }
  }

  var headers: [(name: String, value: String)] {
    Self.names.compactMap { name, path in self[keyPath: path].map { (name, $0) } }
      + metadata.sorted { $0.key < $1.key }.map { (Self.metadataPrefix + $0.key, $0.value) }
  }

  private static let metadataPrefix = "x-amz-meta-"

  private static var names: [(String, WritableKeyPath<ObjectAttributes, String?>)] {
    [
      ("content-type", \.contentType), ("cache-control", \.cacheControl), ("content-disposition", \.contentDisposition),
      ("content-encoding", \.contentEncoding), ("content-language", \.contentLanguage), ("expires", \.expires),
      ("x-amz-website-redirect-location", \.websiteRedirect), ("x-amz-server-side-encryption", \.encryption),
      ("x-amz-server-side-encryption-aws-kms-key-id", \.kmsKeyID),
    ]
  }
}

/// What an object is put with, besides its attributes.
package struct PutOptions: Hashable, Sendable {
  package var attributes = ObjectAttributes()
  package var storageClass: StorageClass?
  /// Up to 10.
  package var tags: [Tag] = []
  /// A canned ACL: `private`, `bucket-owner-full-control`.
  package var acl: String?
  /// Who else may do what, by the headers' names (`x-amz-grant-read`); not beside `acl`.
  package var grants: [String: String] = [:]
  package var checksum: Checksum = .crc32c
  /// Only over an object with this ETag.
  package var ifMatch: String?
  /// Only where there is no object.
  package var ifAbsent = false

  package init() {}

  package init(attributes: ObjectAttributes, storageClass: StorageClass? = nil) {
    self.attributes = attributes
    self.storageClass = storageClass
  }

  var creationHeaders: [(name: String, value: String)] {
    var headers = attributes.headers
    if let storageClass { headers.append(("x-amz-storage-class", storageClass.rawValue)) }
    if !tags.isEmpty { headers.append(("x-amz-tagging", Tag.query(tags))) }
    if let acl { headers.append(("x-amz-acl", acl)) }
    return headers + grants.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  var conditionHeaders: [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = []
    if let ifMatch { headers.append(("if-match", ifMatch)) }
    if ifAbsent { headers.append(("if-none-match", "*")) }
    return headers
  }
}

/// A tag of an object.
package struct Tag: Hashable, Sendable, Codable {
  package var key: String
  package var value: String

  package init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }

  enum CodingKeys: String, CodingKey {
    case key = "Key"
    case value = "Value"
  }

  static func query(_ tags: [Tag]) -> String {
    tags.map { PercentEncoding.encode($0.key) + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
  }
}
