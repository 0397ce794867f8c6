/// Where events come from: `{folder: /path}`, or `s3://bucket/prefix`.
package enum Source: Hashable, Sendable {
  /// An absolute path.
  case folder(String)
  /// `prefix` is empty or ends in a slash.
  case s3(bucket: String, prefix: String)
}

extension Source: Codable {
  private enum CodingKeys: CodingKey { case folder }

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let text: String
    do { text = try single.decode(String.self) } catch is DecodingError {
      self = .folder(try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .folder))
      return
    }
    let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard text.hasPrefix("s3://"), let bucket = parts.first, !bucket.isEmpty else {
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be s3://bucket/prefix or {folder: /path}, is \"\(text)\"")
    }
    var prefix = parts.count > 1 ? String(parts[1]) : ""
    if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
    self = .s3(bucket: String(bucket), prefix: prefix)
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .folder(let path):
      var keys = encoder.container(keyedBy: CodingKeys.self)
      try keys.encode(path, forKey: .folder)
    case .s3(let bucket, let prefix):
      var single = encoder.singleValueContainer()
      try single.encode("s3://\(bucket)/\(prefix)")
    }
  }
}
