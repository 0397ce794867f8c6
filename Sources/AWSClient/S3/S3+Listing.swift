/// Which part of a bucket is listed, and in what pieces.
package struct ListingScope: Hashable, Sendable {
  package var prefix = ""
  /// Keys that have it after the prefix are folded into their common prefix.
  package var delimiter: String?
  /// Only keys after this one.
  package var startAfter: String?
  /// Up to 1,000.
  package var pageSize = 1_000

  package init(prefix: String = "", delimiter: String? = nil, startAfter: String? = nil, pageSize: Int = 1_000) {
    self.prefix = prefix
    self.delimiter = delimiter
    self.startAfter = startAfter
    self.pageSize = pageSize
  }
}

extension S3 {
  /// The objects of a bucket (ListObjectsV2).
  package func listObjects(bucket: String, _ scope: ListingScope = ListingScope()) -> Listing<ListedObject> {
    Listing { next throws(AWSError) in
      var query = Self.query(scope, size: "max-keys", next)
      query.append(("list-type", "2"))
      if let start = scope.startAfter { query.append(("start-after", start)) }
      let request = try request("ListObjectsV2", "GET", bucket: bucket, query: query)
      return try await caller.perform(request) { answer throws(AWSError) in
        try ListingReader.objects(try await answer.collect(), endpoint: answer.endpoint)
      }
    }
  }

  /// Every version of every object, newest first within a key, and the delete markers (ListObjectVersions).
  package func listVersions(bucket: String, _ scope: ListingScope = ListingScope()) -> Listing<ListedVersion> {
    Listing { next throws(AWSError) in
      var query = Self.query(scope, size: "max-keys", next)
      query.append(("versions", ""))
      if let start = scope.startAfter, next["key-marker"] == nil { query.append(("key-marker", start)) }
      let request = try request("ListObjectVersions", "GET", bucket: bucket, query: query)
      return try await caller.perform(request) { answer throws(AWSError) in
        try ListingReader.versions(try await answer.collect(), endpoint: answer.endpoint)
      }
    }
  }

  /// The uploads in parts that are under way, or were forgotten (ListMultipartUploads).
  package func listUploads(bucket: String, _ scope: ListingScope = ListingScope()) -> Listing<ListedUpload> {
    Listing { next throws(AWSError) in
      var query = Self.query(scope, size: "max-uploads", next)
      query.append(("uploads", ""))
      // Ceph encodes the keys when asked and does not say so; AWS says so.
      if isOverridden { query.removeAll { $0.name == "encoding-type" } }
      let request = try request("ListMultipartUploads", "GET", bucket: bucket, query: query)
      return try await caller.perform(request) { answer throws(AWSError) in
        try ListingReader.uploads(try await answer.collect(), endpoint: answer.endpoint)
      }
    }
  }

  private static func query(
    _ scope: ListingScope, size: String, _ next: [String: String]
  ) -> [(name: String, value: String)] {
    // Keys may hold characters that XML has no way to say, so they come percent-encoded.
    var query: [(name: String, value: String)] = [("encoding-type", "url"), (size, String(scope.pageSize))]
    if !scope.prefix.isEmpty { query.append(("prefix", scope.prefix)) }
    if let delimiter = scope.delimiter { query.append(("delimiter", delimiter)) }
    return query + next.map { ($0.key, $0.value) }
  }
}
