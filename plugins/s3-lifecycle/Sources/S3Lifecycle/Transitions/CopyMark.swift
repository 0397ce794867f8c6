package import AWSClient

/// What a copy has in its metadata so that it is known for one when its answer was lost: the version that it was made of. Only
/// where nothing else tells: a whole copy of an object that was put whole keeps the ETag.
package enum CopyMark {
  package static let name = "carillon-copy-of"

  /// Names and values of an object's metadata together (S3 User Guide, "Working with object metadata").
  private static let mostBytes = 2_048

  /// Whether a copy of this object will have another ETag: S3's is of the parts, and under a key of KMS no sum at all.
  package static func isNeeded(_ head: ObjectHead, copiesInParts: Bool) -> Bool {
    copiesInParts || (head.partCount ?? 1) > 1 || head.eTag?.contains("-") == true
      || head.attributes.encryption?.hasPrefix("aws:kms") == true
  }

  /// The object's attributes with the mark; `nil` where they could not be given again as they are, or the mark has no room.
  package static func attributes(_ head: ObjectHead, copyOf version: String) -> ObjectAttributes? {
    guard head.missingMetadata == 0 else { return nil }
    var attributes = head.attributes
    // What is not ASCII comes encoded, and would be stored so.
    let isPlain = attributes.metadata.values.allSatisfy { value in
      !value.contains("=?") && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
    attributes.metadata[name] = version
    let bytes = attributes.metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    return isPlain && bytes <= mostBytes ? attributes : nil
  }

  /// Whether one version is a copy of the other: by its mark, or because bytes and attributes are the same.
  package static func isCopy(_ copy: ObjectHead, of original: ObjectHead, version: String) -> Bool {
    if copy.attributes.metadata[name] == version { return true }
    return copy.eTag != nil && copy.eTag == original.eTag && copy.length == original.length
      && copy.attributes == original.attributes
  }
}
