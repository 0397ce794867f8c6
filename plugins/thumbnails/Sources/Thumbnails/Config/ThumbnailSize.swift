/// One size to make of every image.
package struct ThumbnailSize: Codable, Hashable, Sendable {
  /// How finely colour is kept beside brightness.
  package enum Chroma: String, Codable, Hashable, Sendable, CaseIterable {
    /// Halved both ways (4:2:0): what cameras write.
    case half
    /// At full resolution (4:4:4): for sharp coloured edges, at a fifth more bytes.
    case full
  }

  /// Stands in the file's name: `<base>_<name>.jpg`. `[A-Za-z0-9-]+`, unique in the list.
  package var name: String

  /// The box in pixels that the image fits into, keeping its ratio. 1...65500.
  package var width: Int
  package var height: Int

  /// libjpeg's quality. 1...100.
  package var quality: Int

  /// Default `half`.
  package var chroma: Chroma

  package init(name: String, width: Int, height: Int, quality: Int, chroma: Chroma = .half) {
    self.name = name
    self.width = width
    self.height = height
    self.quality = quality
    self.chroma = chroma
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    name = try values.decode(String.self, forKey: .name)
    width = try values.decode(Int.self, forKey: .width)
    height = try values.decode(Int.self, forKey: .height)
    quality = try values.decodeIfPresent(Int.self, forKey: .quality) ?? 85
    chroma = try values.decodeIfPresent(Chroma.self, forKey: .chroma) ?? .half
  }
}

extension [ThumbnailSize] {
  /// What is made when the configuration names no sizes.
  package static let standard = [
    ThumbnailSize(name: "thumbnail", width: 150, height: 150, quality: 85),
    ThumbnailSize(name: "medium", width: 600, height: 600, quality: 90),
    ThumbnailSize(name: "large", width: 1200, height: 1200, quality: 95),
  ]
}
