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
  package let traits: BucketTraits
  /// Longer objects are copied in parts. Tests make it small.
  package var wholeUpTo = S3.copyLimitBytes
  package var partBytes: Int64 = 512 << 20

  /// `traits`: shared by all items of a process; default: this mover's own.
  package init(
    s3: S3, bucket: String, versions: LifecycleConfig.Versions, acl: LifecycleConfig.ACL, traits: BucketTraits? = nil
  ) {
    self.traits = traits ?? BucketTraits(s3: s3, bucket: bucket)
    self.s3 = s3
    self.bucket = bucket
    self.versions = versions
    self.acl = acl
  }

  /// Why an object is not to be moved as it is now; `nil` when it is.
  package func reasonToLeave(_ item: DueObject, _ head: ObjectHead, versioning: VersioningStatus) -> String? {
    if head.storageClass == item.to { return "it is in \(item.to) already" }
    if head.eTag != item.eTag || version(of: head, item) != item.versionID { return Self.changed }
    if head.storageClass != item.from { return "it is in \(head.storageClass) now, not in \(item.from)" }
    if item.versionID == nil, versioning != .never { return "the bucket keeps versions since it was listed" }
    // A copy would be the version `null`, and what has that name now would be gone.
    if versioning == .suspended, item.versionID != "null" {
      return "versioning is suspended, and a copy would overwrite the object's version null"
    }
    if item.versionID != nil, versions == .skip { return "the bucket keeps versions, and `versions` says skip" }
    if head.storageClass.needsRestore, head.restore?.contains("ongoing-request=\"false\"") != true {
      return "it is in \(head.storageClass) and not restored, so nothing can be copied"
    }
    if head.archiveStatus != nil { return "it is in an archive tier of Intelligent-Tiering and must be restored first" }
    return nil
  }

  private static let changed = "it has changed since it was listed"
  private static let locked = "it is locked, and a copy would not be"

  /// Whether a version is locked. Where there are locks and the head says nothing of one, it may only not be ours to see.
  private func isLocked(
    _ item: DueObject, _ head: ObjectHead, _ protection: BucketTraits.Protection
  ) async throws(AWSError) -> Bool {
    if head.isLocked { return true }
    guard protection.hasLocks else { return false }
    return try await s3.isLocked(bucket: bucket, key: item.key, versionID: item.versionID)
  }

  /// The version that a head is of, as a listing says it; `nil` where the bucket kept none. Ceph leaves `null` out of heads.
  private func version(of head: ObjectHead, _ item: DueObject) -> String? {
    head.versionID ?? (item.versionID == nil ? nil : "null")
  }

  /// Throws `AWSError`: `connection`, `timeout` and `serviceFailed` leave open whether the copy was made; the next attempt looks.
  package func move(_ item: DueObject) async throws(AWSError) -> Ending {
    guard let head = try await head(of: item) else { return .left("it is gone") }
    let protection = try await traits.protection()
    if let reason = reasonToLeave(item, head, versioning: protection.versioning) {
      // An attempt whose answer was lost, or that broke off after its copy, left the old version behind.
      return head.storageClass == item.to ? try await finish(item, head, protection) : .left(reason)
    }
    if try await isLocked(item, head, protection) { return .left(Self.locked) }
    let copy: CopiedObject
    do throws(AWSError) {
      copy = try await self.copy(item, head)
    } catch {
      switch (error.code, error.serviceCode) {
      case (_, "NoSuchUpload"):
        // Completed, and its answer lost.
        var error = error
        error.code = .connection
        throw error
      case (.conflict, _): return .left(Self.changed)
      case (_, "InvalidObjectState"): return .left("it is archived and not restored, so nothing can be copied")
      default: throw error
      }
    }
    guard let old = item.versionID, versions == .replace, let new = try await newVersion(of: item, copy), new != old else {
      return .moved(moved(item, eTag: copy.eTag, versionID: copy.versionID, removed: nil))
    }
    try await s3.deleteObject(bucket: bucket, key: item.key, versionID: old)
    return .moved(moved(item, eTag: copy.eTag, versionID: new, removed: old))
  }

  /// `nil` when there is none.
  private func head(of item: DueObject, versionID: String? = nil) async throws(AWSError) -> ObjectHead? {
    do throws(AWSError) { return try await s3.headObject(bucket: bucket, key: item.key, versionID: versionID) } catch {
      if error.code == .notFound { return nil }
      throw error
    }
  }

  private func copy(_ item: DueObject, _ head: ObjectHead) async throws(AWSError) -> CopiedObject {
    let place = ObjectPlace(bucket: bucket, key: item.key)
    let isInParts = head.length > wholeUpTo
    var options = CopyOptions(storageClass: item.to, ifMatch: item.eTag)
    options.versionID = item.versionID
    options.kept = head.attributes
    if let version = item.versionID, versions == .replace, CopyMark.isNeeded(head, copiesInParts: isInParts) {
      options.attributes = CopyMark.attributes(head, copyOf: version)
      // With other metadata the tags are not the source's by themselves everywhere (Ceph).
      if options.attributes != nil {
        options.tags = try await s3.objectTags(bucket: bucket, key: item.key, versionID: version)
      }
    }
    if acl == .keep {
      let document = try await s3.objectACL(bucket: bucket, key: item.key, versionID: item.versionID)
      options.grants = try ObjectGrants.headers(fromACL: document, endpoint: s3.endpoint)
    }
    if traits.takesDestinationConditions { options.ifDestinationMatches = item.eTag }
    do throws(AWSError) {
      return try await s3.copy(
        from: place, to: place, options: options, head: head, wholeUpTo: wholeUpTo, partBytes: partBytes)
    } catch {
      guard error.status == 501, options.ifDestinationMatches != nil else { throw error }
      // A store that does not know the condition has done nothing.
      traits.refusesDestinationConditions()
      options.ifDestinationMatches = nil
      return try await s3.copy(
        from: place, to: place, options: options, head: head, wholeUpTo: wholeUpTo, partBytes: partBytes)
    }
  }

  /// The version that a copy has made; `nil` when nobody says. Ceph does not say it with the copy.
  private func newVersion(of item: DueObject, _ copy: CopiedObject) async throws(AWSError) -> String? {
    if let version = copy.versionID { return version }
    guard let head = try await head(of: item) else { return nil }
    let isCopy = head.eTag?.filter { $0 != "\"" } == copy.eTag.filter { $0 != "\"" }
    return head.storageClass == item.to && isCopy ? version(of: head, item) : nil
  }

  /// Removes the version that was listed when the one that is there now is a copy of it; none other is ever removed.
  private func finish(
    _ item: DueObject, _ head: ObjectHead, _ protection: BucketTraits.Protection
  ) async throws(AWSError) -> Ending {
    let done = Ending.left("it is in \(item.to) already")
    let new = version(of: head, item)
    guard versions == .replace, let old = item.versionID, new != old, head.length == item.bytes,
      let listed = try await self.head(of: item, versionID: old), listed.storageClass == item.from, listed.eTag == item.eTag
    else { return done }
    guard CopyMark.isCopy(head, of: listed, version: old) else {
      return .left("it is in \(item.to) already; the version \(old) stays, as nobody can say that this is a copy of it")
    }
    if try await isLocked(item, listed, protection) { return done }
    let tags = try await s3.objectTags(bucket: bucket, key: item.key, versionID: old)
    if try await Set(s3.objectTags(bucket: bucket, key: item.key, versionID: new)) != Set(tags) {
      try await s3.setObjectTags(bucket: bucket, key: item.key, versionID: new, tags)
    }
    try await s3.deleteObject(bucket: bucket, key: item.key, versionID: old)
    return .moved(moved(item, eTag: head.eTag ?? "", versionID: new, removed: old))
  }

  private func moved(_ item: DueObject, eTag: String, versionID: String?, removed: String?) -> Moved {
    Moved(
      key: item.key, bytes: item.bytes, from: item.from, to: item.to, savesMonthly: item.savesMonthly, eTag: eTag,
      versionID: versionID, removedVersionID: removed)
  }
}
