extension ThumbnailsConfig {
  /// Where files are: `{folder: /path}`, or `s3://bucket/prefix`.
  package enum Place: Hashable, Sendable {
    /// An absolute path.
    case folder(String)
    /// `prefix` is empty or ends in a slash.
    case s3(bucket: String, prefix: String)

    package init(folder: String) { self = .folder(folder) }

    /// Nil unless `text` is `s3://` with a bucket's name, and a prefix if any.
    package init?(s3 text: String) {
      guard text.hasPrefix("s3://") else { return nil }
      let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      guard let bucket = parts.first, !bucket.isEmpty else { return nil }
      var prefix = parts.count > 1 ? String(parts[1]) : ""
      if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
      self = .s3(bucket: String(bucket), prefix: prefix)
    }

    /// The path of a folder on this machine; nil for S3.
    package var folder: String? {
      if case .folder(let path) = self { return path }
      return nil
    }
  }
}

extension ThumbnailsConfig.Place: Codable {
  private enum CodingKeys: CodingKey { case folder }

  package init(from decoder: any Decoder) throws {
    let text: String
    let single = try decoder.singleValueContainer()
    do { text = try single.decode(String.self) } catch is DecodingError {
      self = .folder(try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .folder))
      return
    }
    guard let place = Self(s3: text) else {
      throw DecodingError.dataCorruptedError(
        in: single, debugDescription: "must be s3://bucket/prefix or {folder: /path}, is \"\(text)\"")
    }
    self = place
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
