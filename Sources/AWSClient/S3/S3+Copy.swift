import Foundation

/// How an object is copied.
package struct CopyOptions: Hashable, Sendable {
  package var storageClass: StorageClass?
  /// These instead of the source's; `nil` keeps the source's.
  package var attributes: ObjectAttributes?
  /// These instead of the source's; `nil` keeps the source's.
  package var tags: [Tag]?
  package var acl: String?
  /// Who else may do what, by the headers' names (`x-amz-grant-read`); not beside `acl`.
  package var grants: [String: String] = [:]
  /// What a copy does not take along by itself; given again from the source's head: `encryption`, `kmsKeyID` and
  /// `websiteRedirect`. Not used with `attributes`, which have them.
  package var kept: ObjectAttributes?
  /// The version of the source.
  package var versionID: String?
  /// Only when the source has this ETag.
  package var ifMatch: String?
  /// Only over a destination with this ETag, where the service knows the condition.
  package var ifDestinationMatches: String?

  package init(storageClass: StorageClass? = nil, ifMatch: String? = nil) {
    self.storageClass = storageClass
    self.ifMatch = ifMatch
  }
}

/// What became of a copy.
package struct CopiedObject: Hashable, Sendable {
  package var eTag: String
  /// The new version, in a versioned bucket.
  package var versionID: String?
  /// The version that was copied, where the service says it.
  package var sourceVersionID: String?
}

/// A place in S3.
package struct ObjectPlace: Hashable, Sendable, CustomStringConvertible {
  package var bucket: String
  package var key: String

  package init(bucket: String, key: String) {
    self.bucket = bucket
    self.key = key
  }

  package var description: String { "s3://\(bucket)/\(key)" }
}

extension S3 {
  /// The longest object that one CopyObject takes.
  package static let copyLimitBytes: Int64 = 5 << 30

  /// While it copies, S3 sends blanks; without one the read timeout ends the wait.
  static let copyTime: Duration = .seconds(600)

  /// Copies an object, also onto itself (to another storage class or with other attributes) and also beyond 5 GiB, where it
  /// goes in parts of `partBytes`. The head that names its length is asked for unless it is given. Throws `conflict` when
  /// the source is no longer the one that `ifMatch` or the head names.
  @discardableResult
  package func copy(
    from source: ObjectPlace, to destination: ObjectPlace, options: CopyOptions = CopyOptions(), head: ObjectHead? = nil,
    wholeUpTo limit: Int64 = copyLimitBytes, partBytes: Int64 = 512 << 20
  ) async throws(AWSError) -> CopiedObject {
    let known: ObjectHead
    if let head {
      known = head
    } else {
      known = try await headObject(bucket: source.bucket, key: source.key, versionID: options.versionID)
    }
    var options = options
    if options.ifMatch == nil { options.ifMatch = known.eTag }
    if known.length <= limit { return try await copyObject(from: source, to: destination, options: options) }
    return try await copyInParts(from: source, to: destination, options: options, head: known, partBytes: partBytes)
  }

  /// One CopyObject call, up to 5 GiB. Attributes and tags stay unless `options` has others. A copy of an object onto itself whose
  /// answer is lost is not sent again: where there are versions it would copy the copy.
  @discardableResult
  package func copyObject(
    from source: ObjectPlace, to destination: ObjectPlace, options: CopyOptions = CopyOptions()
  ) async throws(AWSError) -> CopiedObject {
    var request = try request("CopyObject", "PUT", bucket: destination.bucket, key: destination.key)
    request.headers = Self.sourceHeaders(source, options)
    request.extraTime = Self.copyTime
    request.isOnceOnly = source == destination
    if let attributes = options.attributes {
      request.headers.append(("x-amz-metadata-directive", "REPLACE"))
      request.headers += attributes.headers
    }
    if let tags = options.tags {
      request.headers.append(("x-amz-tagging-directive", "REPLACE"))
      if !tags.isEmpty { request.headers.append(("x-amz-tagging", Tag.query(tags))) }
    }
    if let storageClass = options.storageClass { request.headers.append(("x-amz-storage-class", storageClass.rawValue)) }
    if let acl = options.acl { request.headers.append(("x-amz-acl", acl)) }
    request.headers += options.grants.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if options.attributes == nil { request.headers += Self.keptHeaders(options.kept) }
    if let eTag = options.ifDestinationMatches { request.headers.append(("if-match", eTag)) }
    let (eTag, answer) = try await element("ETag", root: "CopyObjectResult", for: request)
    if isOverridden, options.attributes != nil, let tags = options.tags {
      try await ensureTags(tags, of: destination, versionID: answer.text("x-amz-version-id"))
    }
    return CopiedObject(
      eTag: eTag, versionID: answer.text("x-amz-version-id"),
      sourceVersionID: answer.text("x-amz-copy-source-version-id"))
  }

  /// CreateMultipartUpload does not know the source: what it had is read and given again.
  private func copyInParts(
    from source: ObjectPlace, to destination: ObjectPlace, options: CopyOptions, head: ObjectHead, partBytes: Int64
  ) async throws(AWSError) -> CopiedObject {
    var put = PutOptions(
      attributes: options.attributes ?? head.attributes, storageClass: options.storageClass ?? head.storageClass)
    put.acl = options.acl
    put.grants = options.grants
    put.ifMatch = options.ifDestinationMatches
    // Not every store says in a head how many tags there are.
    if let tags = options.tags {
      put.tags = tags
    } else {
      put.tags = try await objectTags(bucket: source.bucket, key: source.key, versionID: options.versionID)
    }
    put.checksum = .none
    let ranges = PartPlan.ranges(length: head.length, partBytes: partBytes)
    let headers = Self.sourceHeaders(source, options)
    let done = try await inParts(to: destination, options: put, count: ranges.count) { uploadID, number throws(AWSError) in
      let range = ranges[number - 1]
      var request = try request(
        "UploadPartCopy", "PUT", bucket: destination.bucket, key: destination.key,
        query: [("partNumber", String(number)), ("uploadId", uploadID)])
      request.extraTime = Self.copyTime
      request.headers = headers + [("x-amz-copy-source-range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")]
      return try await element("ETag", root: "CopyPartResult", for: request).0
    }
    return CopiedObject(eTag: done.eTag, versionID: done.versionID, sourceVersionID: options.versionID)
  }

  private static func keptHeaders(_ kept: ObjectAttributes?) -> [(name: String, value: String)] {
    guard let kept else { return [] }
    var part = ObjectAttributes()
    (part.encryption, part.kmsKeyID, part.websiteRedirect) = (kept.encryption, kept.kmsKeyID, kept.websiteRedirect)
    return part.headers
  }

  private static func sourceHeaders(_ source: ObjectPlace, _ options: CopyOptions) -> [(name: String, value: String)] {
    var place = "/" + PercentEncoding.encode(source.bucket) + "/" + PercentEncoding.encodePath(source.key)
    if let version = options.versionID { place += "?versionId=" + PercentEncoding.encode(version) }
    var headers: [(name: String, value: String)] = [("x-amz-copy-source", place)]
    if let eTag = options.ifMatch { headers.append(("x-amz-copy-source-if-match", eTag)) }
    return headers
  }
}
