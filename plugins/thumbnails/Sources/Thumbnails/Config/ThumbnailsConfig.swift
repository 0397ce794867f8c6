package import AWSClient

/// The job's `config`. Only `source` is required.
package struct ThumbnailsConfig: Codable, Hashable, Sendable {
  /// What outputs are written as.
  package enum Format: String, Codable, Hashable, Sendable, CaseIterable {
    /// Progressive, with optimised Huffman tables.
    case jpeg
  }

  /// What becomes of what stands in an image beside its pixels. EXIF, XMP and comments are never copied.
  package enum Metadata: String, Codable, Hashable, Sendable, CaseIterable {
    /// Nothing is kept; colours are converted to sRGB.
    case strip
    /// The ICC profile is kept and the colours stay as they are. CMYK is converted to sRGB all the same.
    case keepProfile
  }

  /// What a JPEG that ends early comes to.
  package enum Truncated: String, Codable, Hashable, Sendable, CaseIterable {
    /// The item fails.
    case fail
    /// The missing part is grey, and the item's output carries a warning.
    case warn
  }

  /// What one image may take.
  package struct Limits: Codable, Hashable, Sendable {
    /// Width times height as stored. Default 100 million.
    package var maxPixels: Int

    /// Memory for decoding one image, its file included. Default 512.
    package var maxMemoryMiB: Int

    package init(maxPixels: Int = 100_000_000, maxMemoryMiB: Int = 512) {
      self.maxPixels = maxPixels
      self.maxMemoryMiB = maxMemoryMiB
    }

    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        maxPixels: try values.decodeIfPresent(Int.self, forKey: .maxPixels) ?? 100_000_000,
        maxMemoryMiB: try values.decodeIfPresent(Int.self, forKey: .maxMemoryMiB) ?? 512)
    }
  }

  /// Read with everything below it. Symbolic links are not followed.
  package var source: Place

  /// Where outputs go, in the source's tree of folders. Default: beside each image.
  package var destination: Place?

  /// Globs on paths relative to the source; a file is taken when one of them matches. Default: every file.
  package var include: [String]

  /// Globs that leave files out, whatever `include` says. Default: none.
  package var exclude: [String]

  /// At least one. Default: `thumbnail` 150×150 at 85, `medium` 600×600 at 90, `large` 1200×1200 at 95.
  package var sizes: [ThumbnailSize]

  /// Default `jpeg`.
  package var format: Format

  /// What shows through transparent pixels. Default `#ffffff`.
  package var background: Colour

  /// Default `strip`.
  package var metadata: Metadata

  /// Default `fail`.
  package var truncated: Truncated

  /// Makes outputs anew that are newer than their source, and, under a `destination`, replaces files that this plugin did
  /// not write. Default false.
  package var force: Bool

  package var limits: Limits

  /// For places in S3.
  package var aws: AWSSettings

  package init(source: Place) {
    self.source = source
    destination = nil
    include = ["**"]
    exclude = []
    sizes = .standard
    format = .jpeg
    background = .white
    metadata = .strip
    truncated = .fail
    force = false
    limits = Limits()
    aws = AWSSettings()
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(source: try values.decode(Place.self, forKey: .source))
    destination = try values.decodeIfPresent(Place.self, forKey: .destination)
    include = try values.decodeIfPresent([String].self, forKey: .include) ?? include
    exclude = try values.decodeIfPresent([String].self, forKey: .exclude) ?? exclude
    sizes = try values.decodeIfPresent([ThumbnailSize].self, forKey: .sizes) ?? sizes
    format = try values.decodeIfPresent(Format.self, forKey: .format) ?? format
    background = try values.decodeIfPresent(Colour.self, forKey: .background) ?? background
    metadata = try values.decodeIfPresent(Metadata.self, forKey: .metadata) ?? metadata
    truncated = try values.decodeIfPresent(Truncated.self, forKey: .truncated) ?? truncated
    force = try values.decodeIfPresent(Bool.self, forKey: .force) ?? force
    limits = try values.decodeIfPresent(Limits.self, forKey: .limits) ?? limits
    aws = try values.decodeIfPresent(AWSSettings.self, forKey: .aws) ?? aws
  }
}
