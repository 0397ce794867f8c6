extension S3 {
  /// Makes a bucket in the caller's region. One that the caller has already is no error.
  package func createBucket(_ bucket: String) async throws(AWSError) {
    var request = try request("CreateBucket", "PUT", bucket: bucket)
    if region != "us-east-1" {
      Self.attach(try XMLDocument.encode(["LocationConstraint": region], root: "CreateBucketConfiguration"), to: &request)
    }
    do throws(AWSError) { _ = try await send(request) } catch  where error.serviceCode == "BucketAlreadyOwnedByYou" {}
  }

  /// Removes an empty bucket.
  package func deleteBucket(_ bucket: String) async throws(AWSError) {
    _ = try await send(try request("DeleteBucket", "DELETE", bucket: bucket))
  }

  /// The region of a bucket, also of one that is elsewhere. Throws `notFound`, `accessDenied`.
  package func bucketRegion(_ bucket: String) async throws(AWSError) -> String? {
    let head = try request("HeadBucket", "HEAD", bucket: bucket)
    do throws(AWSError) { return try await send(head).text("x-amz-bucket-region") } catch {
      if let region = error.region { return region }
      throw error
    }
  }

  private static let minimumSizeHeader = "x-amz-transition-default-minimum-object-size"

  /// The lifecycle rules of a bucket; none without a configuration.
  package func lifecycle(bucket: String) async throws(AWSError) -> LifecycleConfiguration {
    let request = try request("GetBucketLifecycleConfiguration", "GET", bucket: bucket, query: [("lifecycle", "")])
    do throws(AWSError) {
      var (found, head) = try await document(LifecycleConfiguration.self, root: "LifecycleConfiguration", for: request)
      found.defaultMinimumSize = head.text(Self.minimumSizeHeader)
      return found
    } catch {
      if error.serviceCode == "NoSuchLifecycleConfiguration" { return LifecycleConfiguration(rules: []) }
      throw error
    }
  }

  /// Puts these rules in the place of all that a bucket has. No rules are no configuration: use `deleteLifecycle`.
  package func setLifecycle(bucket: String, _ configuration: LifecycleConfiguration) async throws(AWSError) {
    guard !configuration.rules.isEmpty else {
      throw AWSError(.invalidRequest, "a lifecycle configuration needs a rule; delete it instead")
    }
    var request = try request("PutBucketLifecycleConfiguration", "PUT", bucket: bucket, query: [("lifecycle", "")])
    Self.attach(try XMLDocument.encode(configuration, root: "LifecycleConfiguration"), to: &request)
    if let size = configuration.defaultMinimumSize { request.headers.append((Self.minimumSizeHeader, size)) }
    _ = try await send(request)
  }

  /// Removes every lifecycle rule of a bucket.
  package func deleteLifecycle(bucket: String) async throws(AWSError) {
    _ = try await send(try request("DeleteBucketLifecycle", "DELETE", bucket: bucket, query: [("lifecycle", "")]))
  }

  /// Whether a bucket keeps versions.
  package func versioning(bucket: String) async throws(AWSError) -> VersioningStatus {
    let request = try request("GetBucketVersioning", "GET", bucket: bucket, query: [("versioning", "")])
    return try await document(VersioningDocument.self, root: "VersioningConfiguration", for: request).0.status.flatMap {
      VersioningStatus(rawValue: $0)
    } ?? .never
  }

  /// Turns versions on, or suspends them; `never` cannot be had again.
  package func setVersioning(bucket: String, _ status: VersioningStatus) async throws(AWSError) {
    var request = try request("PutBucketVersioning", "PUT", bucket: bucket, query: [("versioning", "")])
    Self.attach(
      try XMLDocument.encode(VersioningDocument(status: status.rawValue), root: "VersioningConfiguration"), to: &request)
    _ = try await send(request)
  }

  /// A bucket's Intelligent-Tiering configurations, all of them.
  package func intelligentTiering(bucket: String) async throws(AWSError) -> [IntelligentTieringConfiguration] {
    var all: [IntelligentTieringConfiguration] = []
    var query: [(name: String, value: String)] = [("intelligent-tiering", "")]
    while true {
      let request = try request("ListBucketIntelligentTieringConfigurations", "GET", bucket: bucket, query: query)
      let page = try await document(
        IntelligentTieringList.self, root: "ListBucketIntelligentTieringConfigurationsOutput", for: request
      ).0
      all += page.configurations ?? []
      guard page.isTruncated == true, let token = page.nextToken else { return all }
      query = [("intelligent-tiering", ""), ("continuation-token", token)]
    }
  }

  /// Adds a configuration, or replaces the one of that id.
  package func setIntelligentTiering(
    bucket: String, _ configuration: IntelligentTieringConfiguration
  ) async throws(AWSError) {
    var request = try request(
      "PutBucketIntelligentTieringConfiguration", "PUT", bucket: bucket,
      query: [("intelligent-tiering", ""), ("id", configuration.id)])
    Self.attach(try XMLDocument.encode(configuration, root: "IntelligentTieringConfiguration"), to: &request)
    _ = try await send(request)
  }

  package func deleteIntelligentTiering(bucket: String, id: String) async throws(AWSError) {
    _ = try await send(
      try request(
        "DeleteBucketIntelligentTieringConfiguration", "DELETE", bucket: bucket,
        query: [("intelligent-tiering", ""), ("id", id)]))
  }
}

/// What a bucket does with what is overwritten or deleted.
package enum VersioningStatus: String, Hashable, Sendable {
  case enabled = "Enabled"
  case suspended = "Suspended"
  /// Versions were never turned on.
  case never = "Never"
}
