import NIOCore

extension S3 {
  /// An object's tags, in the service's order.
  package func objectTags(bucket: String, key: String, versionID: String? = nil) async throws(AWSError) -> [Tag] {
    let request = try request(
      "GetObjectTagging", "GET", bucket: bucket, key: key, query: [("tagging", "")] + Self.version(versionID))
    return try await caller.perform(request) { answer throws(AWSError) in
      let text = String(buffer: try await answer.collect())
      // Ceph has nothing to say of an object that was uploaded in parts and has no tags.
      if text.isEmpty { return [] }
      return try XMLDocument.decode(Tagging.self, root: "Tagging", from: text, endpoint: answer.endpoint).tagSet?.tags ?? []
    }
  }

  /// Puts these tags in the place of all that an object has.
  package func setObjectTags(
    bucket: String, key: String, versionID: String? = nil, _ tags: [Tag]
  ) async throws(AWSError) {
    var request = try request(
      "PutObjectTagging", "PUT", bucket: bucket, key: key, query: [("tagging", "")] + Self.version(versionID))
    Self.attach(try XMLDocument.encode(Tagging(tagSet: .init(tags: tags)), root: "Tagging"), to: &request)
    _ = try await send(request)
  }

  /// An object's access policy as its XML document, to be put again where a copy lost it.
  package func objectACL(bucket: String, key: String, versionID: String? = nil) async throws(AWSError) -> String {
    let request = try request("GetObjectAcl", "GET", bucket: bucket, key: key, query: [("acl", "")] + Self.version(versionID))
    return try await caller.perform(request) { answer throws(AWSError) in String(buffer: try await answer.collect()) }
  }

  /// Puts a document that `objectACL` gave.
  package func setObjectACL(
    bucket: String, key: String, versionID: String? = nil, document: String
  ) async throws(AWSError) {
    var request = try request(
      "PutObjectAcl", "PUT", bucket: bucket, key: key, query: [("acl", "")] + Self.version(versionID))
    Self.attach(document, to: &request)
    _ = try await send(request)
  }
}
