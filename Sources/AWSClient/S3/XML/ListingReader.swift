import NIOCore

/// Listings out of their XML. An unknown element is passed over.
enum ListingReader {
  static func objects(_ body: ByteBuffer, endpoint: Endpoint) throws(AWSError) -> ListingPage<ListedObject> {
    var page = ListingPage<ListedObject>()
    page.records.reserveCapacity(1_000)
    var object = ListedObject()
    var top = TopLevel()
    try XMLScanner.scan(body, endpoint: endpoint) { depth, name, text in
      switch (depth, name) {
      case (3, "Key"): object.key = text
      case (3, "Size"): object.bytes = Int64(text) ?? 0
      case (3, "ETag"): object.eTag = text
      case (3, "LastModified"): object.lastModifiedAt = CivilDate.secondsSince1970(text) ?? 0
      case (3, "StorageClass"): object.storageClass = StorageClass(rawValue: text)
      case (2, "Contents"):
        page.records.append(object)
        object = ListedObject()
      default: top.take(depth, name, text)
      }
    }
    if top.isURLEncoded {
      for index in page.records.indices { top.decode(&page.records[index].key) }
    }
    page.commonPrefixes = top.decodedPrefixes
    if top.isTruncated, let token = top["NextContinuationToken"] { page.next = ["continuation-token": token] }
    return try top.checked(page, endpoint)
  }

  static func versions(_ body: ByteBuffer, endpoint: Endpoint) throws(AWSError) -> ListingPage<ListedVersion> {
    var page = ListingPage<ListedVersion>()
    var version = ListedVersion()
    var top = TopLevel()
    try XMLScanner.scan(body, endpoint: endpoint) { depth, name, text in
      switch (depth, name) {
      case (3, "Key"): version.key = text
      case (3, "VersionId"): version.versionID = text
      case (3, "IsLatest"): version.isLatest = text == "true"
      case (3, "Size"): version.bytes = Int64(text) ?? 0
      case (3, "ETag"): version.eTag = text
      case (3, "LastModified"): version.lastModifiedAt = CivilDate.secondsSince1970(text) ?? 0
      case (3, "StorageClass"): version.storageClass = StorageClass(rawValue: text)
      case (2, "Version"), (2, "DeleteMarker"):
        version.isDeleteMarker = name == "DeleteMarker"
        page.records.append(version)
        version = ListedVersion()
      default: top.take(depth, name, text)
      }
    }
    if top.isURLEncoded {
      for index in page.records.indices { top.decode(&page.records[index].key) }
    }
    page.commonPrefixes = top.decodedPrefixes
    if top.isTruncated {
      page.next = top.markers([("NextKeyMarker", "key-marker"), ("NextVersionIdMarker", "version-id-marker")])
    }
    return try top.checked(page, endpoint)
  }

  static func uploads(_ body: ByteBuffer, endpoint: Endpoint) throws(AWSError) -> ListingPage<ListedUpload> {
    var page = ListingPage<ListedUpload>()
    var upload = ListedUpload()
    var top = TopLevel()
    try XMLScanner.scan(body, endpoint: endpoint) { depth, name, text in
      switch (depth, name) {
      case (3, "Key"): upload.key = text
      case (3, "UploadId"): upload.uploadID = text
      case (3, "Initiated"): upload.initiatedAt = CivilDate.secondsSince1970(text) ?? 0
      case (3, "StorageClass"): upload.storageClass = StorageClass(rawValue: text)
      case (2, "Upload"):
        page.records.append(upload)
        upload = ListedUpload()
      default: top.take(depth, name, text)
      }
    }
    if top.isURLEncoded {
      for index in page.records.indices { top.decode(&page.records[index].key) }
    }
    page.commonPrefixes = top.decodedPrefixes
    if top.isTruncated {
      page.next = top.markers([("NextKeyMarker", "key-marker"), ("NextUploadIdMarker", "upload-id-marker")])
    }
    return try top.checked(page, endpoint)
  }

  /// What stands beside the records.
  private struct TopLevel {
    private var values: [String: String] = [:]
    private var prefixes: [String] = []
    private var root = ""

    var isTruncated: Bool { values["IsTruncated"] == "true" }
    var isURLEncoded: Bool { values["EncodingType"] == "url" }

    subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    mutating func take(_ depth: Int, _ name: String, _ text: String) {
      switch (depth, name) {
      case (3, "Prefix"): prefixes.append(text)
      case (2, _): values[name] = text
      case (1, _): root = name
      default: break
      }
    }

    func decode(_ key: inout String) {
      if key.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) {
        key = PercentEncoding.decode(key, plusIsSpace: true)
      }
    }

    var decodedPrefixes: [String] {
      guard isURLEncoded else { return prefixes }
      return prefixes.map { PercentEncoding.decode($0, plusIsSpace: true) }
    }

    func markers(_ names: [(element: String, query: String)]) -> [String: String]? {
      var query: [String: String] = [:]
      for (element, name) in names {
        guard var value = self[element] else { continue }
        if isURLEncoded, name == "key-marker" { decode(&value) }
        query[name] = value
      }
      return query.isEmpty ? nil : query
    }

    /// A page that says it is not the last and not where the next begins would end a listing early.
    func checked<Record>(_ page: ListingPage<Record>, _ endpoint: Endpoint) throws(AWSError) -> ListingPage<Record> {
      guard root.hasPrefix("List") else {
        throw AWSError(.malformedResponse, "\(endpoint) answered <\(root)> instead of a listing")
      }
      guard !isTruncated || page.next != nil else {
        throw AWSError(.malformedResponse, "\(endpoint) cut a listing short and did not say where it goes on")
      }
      return page
    }
  }
}
