import Crypto
import Foundation
import NIOCore

extension S3 {
  /// Parts on their way at once.
  static let partsAtOnce = 4

  /// Uploads a file: whole up to `partBytes`, in parts of that length above. A part that fails is sent again by itself; when
  /// it fails for good the upload is aborted and nothing is left.
  @discardableResult
  package func upload(
    file path: String, to place: ObjectPlace, options: PutOptions = PutOptions(), partBytes: Int64 = 16 << 20
  ) async throws(AWSError) -> (eTag: String, versionID: String?) {
    let length = try OpenFile(path: path).size
    if length <= partBytes {
      return try await putObject(
        bucket: place.bucket, key: place.key, body: .file(path: path, offset: 0, length: length), options: options)
    }
    let ranges = PartPlan.ranges(length: length, partBytes: partBytes)
    return try await inParts(to: place, options: options, count: ranges.count) { uploadID, number throws(AWSError) in
      let range = ranges[number - 1]
      let body = RequestBody.file(path: path, offset: range.lowerBound, length: range.upperBound - range.lowerBound)
      return try await uploadPart(to: place, uploadID: uploadID, number: number, body: body, checksum: options.checksum).eTag
    }
  }

  /// Begins an upload in parts. What `options` says is the object's when it is completed.
  package func createMultipartUpload(
    to place: ObjectPlace, options: PutOptions = PutOptions()
  ) async throws(AWSError) -> String {
    var request = try request("CreateMultipartUpload", "POST", bucket: place.bucket, key: place.key, query: [("uploads", "")])
    request.headers = options.creationHeaders
    return try await document(InitiatedUpload.self, root: "InitiateMultipartUploadResult", for: request).0.uploadID
  }

  /// Sends one part; all but the last have at least 5 MiB.
  package func uploadPart(
    to place: ObjectPlace, uploadID: String, number: Int, body: RequestBody, checksum: Checksum = .crc32c
  ) async throws(AWSError) -> UploadedPart {
    var request = try request(
      "UploadPart", "PUT", bucket: place.bucket, key: place.key,
      query: [("partNumber", String(number)), ("uploadId", uploadID)])
    // S3 takes a part's checksum only where the upload was begun with one; its MD5-based ETag covers the others.
    try await attach(body, checksum: .none, to: &request)
    guard let eTag = try await send(request).text("etag") else {
      throw AWSError(.malformedResponse, "no ETag came back for part \(number) of \(place)")
    }
    return UploadedPart(number: number, eTag: eTag)
  }

  /// Makes the object of its parts. An answer that was lost is no failure: the object is looked at before one is reported.
  @discardableResult
  package func completeMultipartUpload(
    to place: ObjectPlace, uploadID: String, parts: [UploadedPart], conditions: PutOptions = PutOptions()
  ) async throws(AWSError) -> (eTag: String, versionID: String?) {
    var request = try request(
      "CompleteMultipartUpload", "POST", bucket: place.bucket, key: place.key, query: [("uploadId", uploadID)])
    request.headers = conditions.conditionHeaders
    request.extraTime = Self.copyTime
    Self.attach(
      try XMLDocument.encode(PartList(parts: parts.sorted { $0.number < $1.number }), root: "CompleteMultipartUpload"),
      to: &request)
    do throws(AWSError) {
      let (result, answer) = try await document(CompletedUpload.self, root: "CompleteMultipartUploadResult", for: request)
      // Ceph leaves it empty.
      return (result.eTag.isEmpty ? Self.eTag(of: parts) ?? "" : result.eTag, answer.text("x-amz-version-id"))
    } catch {
      guard error.serviceCode == "NoSuchUpload", error.attempts > 1, let expected = Self.eTag(of: parts) else { throw error }
      let head = try await headObject(bucket: place.bucket, key: place.key)
      guard head.eTag == expected else { throw error }
      return (expected, head.versionID)
    }
  }

  /// Drops an upload and its parts. One that does not exist is no error.
  package func abortMultipartUpload(to place: ObjectPlace, uploadID: String) async throws(AWSError) {
    let request = try request(
      "AbortMultipartUpload", "DELETE", bucket: place.bucket, key: place.key, query: [("uploadId", uploadID)])
    do throws(AWSError) { _ = try await send(request) } catch  where error.serviceCode == "NoSuchUpload" {}
  }

  /// Runs an upload of `count` parts, a few at once, and aborts it when one fails or the caller is cancelled.
  func inParts(
    to place: ObjectPlace, options: PutOptions, count: Int,
    part: @escaping @Sendable (_ uploadID: String, _ number: Int) async throws(AWSError) -> String
  ) async throws(AWSError) -> (eTag: String, versionID: String?) {
    let uploadID = try await createMultipartUpload(to: place, options: options)
    do {
      let parts = try await withThrowingTaskGroup(of: UploadedPart.self) { group in
        var parts: [UploadedPart] = []
        for number in 1...count {
          if number > Self.partsAtOnce, let done = try await group.next() { parts.append(done) }
          group.addTask { UploadedPart(number: number, eTag: try await part(uploadID, number)) }
        }
        for try await done in group { parts.append(done) }
        return parts
      }
      let done = try await completeMultipartUpload(to: place, uploadID: uploadID, parts: parts, conditions: options)
      try await ensureTags(options.tags, of: place, versionID: done.versionID)
      return done
    } catch {
      var failure = error as? AWSError ?? AWSError(.cancelled, "cancelled", cause: error)
      // In a task of its own: a cancelled caller must not leave parts that are paid for every month.
      let abort = Task { () async -> AWSError? in
        do throws(AWSError) {
          try await abortMultipartUpload(to: place, uploadID: uploadID)
          return nil
        } catch {
          return error
        }
      }
      if let left = await abort.value { failure.message += "; the upload \(uploadID) could not be aborted: \(left)" }
      throw failure
    }
  }

  /// Some stores (Ceph) drop the tags that an upload in parts was begun with, or that come with other metadata.
  func ensureTags(_ tags: [Tag], of place: ObjectPlace, versionID: String?) async throws(AWSError) {
    if tags.isEmpty { return }
    let found = try await objectTags(bucket: place.bucket, key: place.key, versionID: versionID)
    if Set(found) == Set(tags) { return }
    try await setObjectTags(bucket: place.bucket, key: place.key, versionID: versionID, tags)
  }

  /// What S3 calls an object of these parts, where it is not encrypted by a key of KMS: the MD5 of their MD5s, and their number.
  static func eTag(of parts: [UploadedPart]) -> String? {
    var sum = Insecure.MD5()
    for part in parts.sorted(by: { $0.number < $1.number }) {
      let digits = Array(part.eTag.utf8.filter { $0 != UInt8(ascii: "\"") })
      guard digits.count == 32 else { return nil }
      for index in stride(from: 0, to: 32, by: 2) {
        guard let byte = UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
        sum.update(data: [byte])
      }
    }
    return "\"" + hex(sum.finalize()) + "-\(parts.count)\""
  }
}
