// The documents that S3 exchanges, by the names of the S3 API reference; what callers see is made of them.

struct DeleteList: Encodable {
  struct Object: Encodable {
    var key: String
    var versionID: String?

    enum CodingKeys: String, CodingKey {
      case key = "Key"
      case versionID = "VersionId"
    }
  }

  var isQuiet: Bool
  var objects: [Object]

  enum CodingKeys: String, CodingKey {
    case isQuiet = "Quiet"
    case objects = "Object"
  }
}

struct DeleteResult: Decodable, Sendable {
  var failures: [DeletionFailure]?

  enum CodingKeys: String, CodingKey {
    case failures = "Error"
  }
}

/// An object that `deleteObjects` left, and why.
package struct DeletionFailure: Hashable, Sendable, Decodable {
  package var key: String
  package var versionID: String?
  package var code: String
  package var message: String?

  enum CodingKeys: String, CodingKey {
    case key = "Key"
    case versionID = "VersionId"
    case code = "Code"
    case message = "Message"
  }
}

struct InitiatedUpload: Decodable, Sendable {
  var uploadID: String

  enum CodingKeys: String, CodingKey {
    case uploadID = "UploadId"
  }
}

struct PartList: Encodable {
  var parts: [UploadedPart]

  enum CodingKeys: String, CodingKey {
    case parts = "Part"
  }
}

/// A part that arrived.
package struct UploadedPart: Hashable, Sendable, Encodable {
  /// From 1 to 10,000.
  package var number: Int
  package var eTag: String

  package init(number: Int, eTag: String) {
    self.number = number
    self.eTag = eTag
  }

  enum CodingKeys: String, CodingKey {
    case number = "PartNumber"
    case eTag = "ETag"
  }
}

struct CompletedUpload: Decodable, Sendable {
  var eTag: String

  enum CodingKeys: String, CodingKey {
    case eTag = "ETag"
  }
}

struct Tagging: Codable, Sendable {
  struct TagSet: Codable, Sendable {
    var tags: [Tag]?

    enum CodingKeys: String, CodingKey {
      case tags = "Tag"
    }
  }

  var tagSet: TagSet?

  enum CodingKeys: String, CodingKey {
    case tagSet = "TagSet"
  }
}

struct VersioningDocument: Codable, Sendable {
  var status: String?

  enum CodingKeys: String, CodingKey {
    case status = "Status"
  }
}
