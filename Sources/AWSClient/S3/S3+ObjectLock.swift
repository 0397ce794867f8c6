extension S3 {
  /// Whether objects of the bucket may be locked. Stores that know nothing of locks have none.
  package func hasObjectLock(bucket: String) async throws(AWSError) -> Bool {
    let request = try request("GetObjectLockConfiguration", "GET", bucket: bucket, query: [("object-lock", "")])
    do throws(AWSError) {
      return try await element("ObjectLockEnabled", root: "ObjectLockConfiguration", for: request).0 == "Enabled"
    } catch {
      if error.code == .notFound || error.status == 501 || error.status == 405 { return false }
      throw error
    }
  }

  /// Whether a version is under retention or legal hold. A head says so only to those who may read locks, this to all or none:
  /// throws `accessDenied` otherwise.
  package func isLocked(bucket: String, key: String, versionID: String? = nil) async throws(AWSError) -> Bool {
    for (operation, part, root, name, free) in [
      ("GetObjectLegalHold", "legal-hold", "LegalHold", "Status", "OFF"),
      ("GetObjectRetention", "retention", "Retention", "Mode", ""),
    ] {
      let request = try request(operation, "GET", bucket: bucket, key: key, query: [(part, "")] + Self.version(versionID))
      do throws(AWSError) {
        if try await element(name, root: root, for: request).0 != free { return true }
      } catch {
        // None was ever set.
        guard error.code == .notFound, error.serviceCode?.contains("ObjectLockConfiguration") == true else { throw error }
      }
    }
    return false
  }
}
