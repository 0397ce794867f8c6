import FoundationEssentials

/// The document that S3 sends when objects are made (S3 User Guide, "Event message structure"), as far as it names objects.
package struct S3Event: Decodable, Hashable, Sendable {
  package struct Object: Hashable, Sendable {
    package var bucket: String
    /// Decoded.
    package var key: String
    /// It was made or overwritten, not removed or restored.
    package var isCreated: Bool
  }

  package let objects: [Object]

  private struct Record: Decodable {
    struct Entity: Decodable {
      struct Name: Decodable { var name: String }
      struct Key: Decodable { var key: String }

      var bucket: Name
      var object: Key
    }

    var eventName: String?
    var s3: Entity
  }

  private enum CodingKeys: String, CodingKey { case records = "Records" }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    objects = try keys.decode([Record].self, forKey: .records).map { record in
      let name = record.eventName ?? "ObjectCreated:"
      return Object(
        bucket: record.s3.bucket.name, key: Self.decoded(record.s3.object.key),
        isCreated: name.hasPrefix("ObjectCreated:") || name.hasPrefix("s3:ObjectCreated:"))
    }
  }

  /// Keys stand as in a form: percent-encoded, with a plus for a space.
  static func decoded(_ text: String) -> String {
    let plain = text.replacing("+", with: " ")
    guard plain.utf8.contains(UInt8(ascii: "%")) else { return plain }
    var bytes: [UInt8] = []
    var rest = Array(plain.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
