package import AWSClient

/// An object, a noncurrent version or a delete marker, as a scan meets it.
package struct ScannedObject: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case current
    case noncurrent
    case deleteMarker
  }

  package var key: String
  package var kind: Kind
  /// `nil` where the bucket keeps no versions.
  package var versionID: String?
  package var bytes: Int64
  package var storageClass: StorageClass
  /// With its quotes.
  package var eTag: String
  /// Seconds since 1970: when it was written; of a noncurrent version, when it was replaced.
  package var since: Int

  package init(_ object: ListedObject) {
    key = object.key
    kind = .current
    bytes = object.bytes
    storageClass = object.storageClass
    eTag = object.eTag
    since = object.lastModifiedAt
  }

  /// `replacedAt`: when the next newer version of the key was written.
  package init(_ version: ListedVersion, replacedAt: Int?) {
    key = version.key
    kind = version.isDeleteMarker ? .deleteMarker : version.isLatest ? .current : .noncurrent
    versionID = version.versionID
    bytes = version.bytes
    storageClass = version.storageClass
    eTag = version.eTag
    since = kind == .noncurrent ? replacedAt ?? version.lastModifiedAt : version.lastModifiedAt
  }

  /// At an instant, 0 or more.
  package func ageDays(at now: Int) -> Double { Double(max(0, now - since)) / 86_400 }
}
