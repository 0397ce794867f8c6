/// What S3 says about an object without its bytes.
package struct ObjectHead: Hashable, Sendable {
  /// In bytes; of a ranged read the length of that part.
  package var length: Int64
  /// With its quotes, as conditions want it.
  package var eTag: String?
  /// Seconds since 1970.
  package var lastModifiedAt: Int?
  /// `STANDARD` where the service says nothing.
  package var storageClass: StorageClass
  package var versionID: String?
  package var attributes: ObjectAttributes
  package var tagCount: Int
  /// How many parts it was uploaded in; `nil` for one that was put whole.
  package var partCount: Int?
  /// `ongoing-request="false", expiry-date="…"` of an archived object.
  package var restore: String?
  /// `ARCHIVE_ACCESS` or `DEEP_ARCHIVE_ACCESS`, of an object in Intelligent-Tiering.
  package var archiveStatus: String?
  /// `bytes 0-9/100` of a ranged read.
  package var contentRange: String?
  /// How many entries of the metadata cannot be said in a header, and were left out.
  package var missingMetadata: Int
  /// `GOVERNANCE` or `COMPLIANCE`, of a version under retention; said to those who may read it.
  package var lockMode: String?
  /// `ON` or `OFF`.
  package var legalHold: String?
  package var crc32c: String?
  package var sha256: String?

  /// Whether the head says that nobody may remove this version.
  package var isLocked: Bool { lockMode != nil || legalHold == "ON" }

  init(_ answer: AnswerHead) {
    length = answer.number("content-length") ?? 0
    eTag = answer.text("etag")
    lastModifiedAt = answer.text("last-modified").flatMap { CivilDate.secondsSince1970($0) }
    storageClass = answer.text("x-amz-storage-class").map { StorageClass(rawValue: $0) } ?? .standard
    versionID = answer.text("x-amz-version-id")
    attributes = ObjectAttributes(answer)
    tagCount = Int(answer.number("x-amz-tagging-count") ?? 0)
    partCount = answer.number("x-amz-mp-parts-count").map { Int($0) } ?? eTag.flatMap(Self.parts)
    restore = answer.text("x-amz-restore")
    archiveStatus = answer.text("x-amz-archive-status")
    contentRange = answer.text("content-range")
    missingMetadata = Int(answer.number("x-amz-missing-meta") ?? 0)
    lockMode = answer.text("x-amz-object-lock-mode")
    legalHold = answer.text("x-amz-object-lock-legal-hold")
    crc32c = answer.text("x-amz-checksum-crc32c")
    sha256 = answer.text("x-amz-checksum-sha256")
  }

  /// An object of several parts has an ETag that ends in their number.
  private static func parts(ofETag eTag: String) -> Int? {
    guard let dash = eTag.lastIndex(of: "-") else { return nil }
    return Int(eTag[eTag.index(after: dash)...].filter { $0 != "\"" })
  }
}

/// A storage class by S3's name. Stores may have others than AWS.
package struct StorageClass: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
  package var rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }

  package static let standard = StorageClass(rawValue: "STANDARD")
  package static let standardIA = StorageClass(rawValue: "STANDARD_IA")
  package static let oneZoneIA = StorageClass(rawValue: "ONEZONE_IA")
  package static let intelligentTiering = StorageClass(rawValue: "INTELLIGENT_TIERING")
  package static let glacierInstantRetrieval = StorageClass(rawValue: "GLACIER_IR")
  package static let glacier = StorageClass(rawValue: "GLACIER")
  package static let deepArchive = StorageClass(rawValue: "DEEP_ARCHIVE")
}
