import Thumbnails

/// JPEG files made of PNG fixtures by the plugin's own encoder, and what can be read off a JPEG's segments.
enum JPEGFixture {
  static func make(_ png: PNGFixture, quality: Int = 95, chroma: ThumbnailSize.Chroma = .full) throws -> [UInt8] {
    let bytes = png.bytes
    return try Picture(
      decoding: bytes, to: try ImageHeader(bytes).size, chroma: chroma, recipe: .plain,
      limits: .init()
    ).jpeg(quality: quality, comment: "fixture")
  }

  /// The same JPEG with an EXIF segment that holds nothing but an orientation (EXIF 2.32, 4.6).
  static func oriented(_ jpeg: [UInt8], _ orientation: UInt8, isLittle: Bool = true) -> [UInt8] {
    let tiff: [UInt8] =
      isLittle
      ? [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
      : [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]
    let body = Array("Exif".utf8) + [0, 0] + tiff
    return Array(jpeg[..<2]) + [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body + jpeg[2...]
  }

  /// The frame header: its marker, and the sampling factors of the components.
  static func frame(_ jpeg: [UInt8]) -> (marker: UInt8, factors: [UInt8])? {
    var index = 2
    while index + 9 < jpeg.count, jpeg[index] == 0xFF {
      let marker = jpeg[index + 1]
      if (0xC0...0xC2).contains(marker) {
        let count = Int(jpeg[index + 9])
        return (marker, (0..<count).map { jpeg[index + 11 + 3 * $0] })
      }
      index += 2 + Int(jpeg[index + 2]) << 8 + Int(jpeg[index + 3])
    }
    return nil
  }
}

extension Recipe {
  static var plain: Recipe { Recipe(ThumbnailsConfig(source: .init(folder: "/"))) }
}

extension Picture {
  /// Decodes at the image's own size.
  init(_ bytes: [UInt8], recipe: Recipe = .plain, chroma: ThumbnailSize.Chroma = .full) throws {
    try self.init(
      decoding: bytes, to: try ImageHeader(bytes).size, chroma: chroma, recipe: recipe, limits: .init())
  }
}
