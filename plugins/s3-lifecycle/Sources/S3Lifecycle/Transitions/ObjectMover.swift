package import AWSClient

/// Moves one object to another class by a copy onto itself. Doing it again does nothing.
package struct ObjectMover: Sendable {
  package enum Ending: Hashable, Sendable {
    case moved(Moved)
    /// There is nothing to do, and why.
    case left(String)
  }

  /// The output of an item.
  package struct Moved: Codable, Hashable, Sendable {
    package var key: String
    package var bytes: Int64
    package var from: StorageClass
    package var to: StorageClass
    package var savesMonthly: Double
    package var eTag: String
    package var versionID: String?
    /// The version that the copy has replaced and that was removed.
    package var removedVersionID: String?
  }

  package let s3: S3
  package let bucket: String
  package let versions: LifecycleConfig.Versions
  package let acl: LifecycleConfig.ACL
  /// Longer objects are copied in parts. Tests make it small.
  package var wholeUpTo = S3.copyLimitBytes
  package var partBytes: Int64 = 512 << 20

  package init(s3: S3, bucket: String, versions: LifecycleConfig.Versions, acl: LifecycleConfig.ACL) {
    self.s3 = s3
    self.bucket = bucket
    self.versions = versions
    self.acl = acl
  }

  /// Why an object is not to be moved as it is now; `nil` when it is.
  package func reasonToLeave(_ item: DueObject, _ head: ObjectHead) -> String? {
    if head.storageClass == item.to { return "it is in \(item.to) already" }
    if head.eTag != item.eTag { return "it has changed since it was listed" }
    if head.storageClass != item.from { return "it is in \(head.storageClass) now, not in \(item.from)" }
    if item.versionID != nil, versions == .skip { return "the bucket keeps versions, and `versions` says skip" }
    if head.storageClass.needsRestore, head.restore?.contains("ongoing-request=\"false\"") != true {
      return "it is in \(head.storageClass) and not restored, so nothing can be copied"
    }
    if head.archiveStatus != nil { return "it is in an archive tier of Intelligent-Tiering and must be restored first" }
    return nil
  }

  /// Throws `AWSError`.
  package func move(_ item: DueObject) async throws(AWSError) -> Ending {
    let place = ObjectPlace(bucket: bucket, key: item.key)
    let head: ObjectHead
    do throws(AWSError) { head = try await s3.headObject(bucket: bucket, key: item.key) } catch {
      if error.code == .notFound { return .left("it is gone") }
      throw error
    }
    if let reason = reasonToLeave(item, head) {
      // An attempt that broke off after its copy left the old version behind.
      if head.storageClass == item.to, let old = item.versionID, try await removesReplaced(item, by: head) {
        return .moved(moved(item, eTag: head.eTag ?? "", versionID: head.versionID, removed: old))
      }
      return .left(reason)
    }
    var options = CopyOptions(storageClass: item.to, ifMatch: item.eTag)
    options.kept = head.attributes
    if acl == .keep {
      let document = try await s3.objectACL(bucket: bucket, key: item.key)
      options.grants = try ObjectGrants.headers(fromACL: document, endpoint: s3.endpoint)
    }
    // A copy in parts ends long after its head was read.
    if head.length > wholeUpTo { options.ifDestinationMatches = item.eTag }
    let copy: CopiedObject
    do throws(AWSError) {
      copy = try await s3.copy(from: place, to: place, options: options, head: head, wholeUpTo: wholeUpTo, partBytes: partBytes)
    } catch {
      if error.code == .conflict { return .left("it has changed since it was listed") }
      throw error
    }
    guard let old = copy.sourceVersionID ?? head.versionID, versions == .replace else {
      return .moved(moved(item, eTag: copy.eTag, versionID: copy.versionID, removed: nil))
    }
    let new = try await newVersion(of: item, copy)
    if let new, new != old { try await s3.deleteObject(bucket: bucket, key: item.key, versionID: old) }
    return .moved(moved(item, eTag: copy.eTag, versionID: new, removed: new == nil || new == old ? nil : old))
  }

  /// The version that a copy has made; `nil` when nobody says. Ceph does not say it with the copy.
  private func newVersion(of item: DueObject, _ copy: CopiedObject) async throws(AWSError) -> String? {
    if let version = copy.versionID { return version }
    let head = try await s3.headObject(bucket: bucket, key: item.key)
    let isCopy = head.eTag?.filter { $0 != "\"" } == copy.eTag.filter { $0 != "\"" }
    return head.storageClass == item.to && isCopy ? head.versionID : nil
  }

  /// Removes the version that was listed when the one that is there now is a copy of it. Whether it did.
  private func removesReplaced(_ item: DueObject, by head: ObjectHead) async throws(AWSError) -> Bool {
    guard versions == .replace, let old = item.versionID, let new = head.versionID, old != new, head.length == item.bytes
    else { return false }
    let listed: ObjectHead
    do throws(AWSError) { listed = try await s3.headObject(bucket: bucket, key: item.key, versionID: old) } catch {
      if error.code == .notFound { return false }
      throw error
    }
    // A copy in parts has another ETag, and then nobody can say that it is one.
    guard listed.eTag == head.eTag, listed.storageClass == item.from else { return false }
    try await s3.deleteObject(bucket: bucket, key: item.key, versionID: old)
    return true
  }

  private func moved(_ item: DueObject, eTag: String, versionID: String?, removed: String?) -> Moved {
    Moved(
      key: item.key, bytes: item.bytes, from: item.from, to: item.to, savesMonthly: item.savesMonthly, eTag: eTag,
      versionID: versionID, removedVersionID: removed)
  }
}
