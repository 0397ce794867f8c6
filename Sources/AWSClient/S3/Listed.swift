/// An object of a listing.
package struct ListedObject: Hashable, Sendable {
  package var key = ""
  package var bytes: Int64 = 0
  package var storageClass = StorageClass.standard
  /// With its quotes.
  package var eTag = ""
  /// Seconds since 1970.
  package var lastModifiedAt = 0
}

/// A version of an object, or a delete marker.
package struct ListedVersion: Hashable, Sendable {
  package var key = ""
  /// `null` for what was put before the bucket was versioned.
  package var versionID = ""
  package var isLatest = false
  package var isDeleteMarker = false
  package var bytes: Int64 = 0
  package var storageClass = StorageClass.standard
  package var eTag = ""
  /// Seconds since 1970.
  package var lastModifiedAt = 0
}

/// An upload in parts that is neither completed nor aborted.
package struct ListedUpload: Hashable, Sendable {
  package var key = ""
  package var uploadID = ""
  package var storageClass = StorageClass.standard
  /// Seconds since 1970.
  package var initiatedAt = 0
}

/// One answer of a listing.
package struct ListingPage<Record: Hashable & Sendable>: Hashable, Sendable {
  /// In the order of the keys' bytes.
  package var records: [Record] = []
  /// What begins with the same prefix up to the delimiter, once each.
  package var commonPrefixes: [String] = []
  /// The query that asks for the next page; `nil` for the last one.
  package var next: [String: String]?
}
