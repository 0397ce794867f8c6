import Testing

@testable import Thumbnails

@Suite struct RendererTests {
  private let photo = PNGFixture(900, 600, .rgb) { x, y, channel in (x / 3 + y / 2 + channel * 40) % 256 }

  private func render(_ bytes: [UInt8], _ sizes: [ThumbnailSize] = .standard) throws -> Renderer.Result {
    var recipe = Recipe.plain
    recipe.sizes = sizes
    return try Renderer(recipe: recipe, limits: .init()).render(bytes, comment: "c")
  }

  @Test func makesAllSizesInOrderAndNeverEnlarges() throws {
    let result = try render(photo.bytes)
    #expect(result.outputs.map(\.size.name) == ["thumbnail", "medium", "large"])
    #expect(
      result.outputs.map(\.pixels) == [
        .init(width: 150, height: 100), .init(width: 600, height: 400), .init(width: 900, height: 600),
      ])
    for output in result.outputs { #expect(try ImageHeader(output.jpeg).size == output.pixels) }
    let dot = try render(PNGFixture(1, 1, .rgb) { _, _, _ in 9 }.bytes)
    #expect(dot.outputs.allSatisfy { $0.pixels == .init(width: 1, height: 1) })
  }

  @Test func writesProgressiveJPEGOfTheWantedChroma() throws {
    let sizes = [
      ThumbnailSize(name: "half", width: 300, height: 300, quality: 90),
      ThumbnailSize(name: "full", width: 300, height: 300, quality: 90, chroma: .full),
      ThumbnailSize(name: "small", width: 100, height: 100, quality: 90, chroma: .full),
      ThumbnailSize(name: "large", width: 700, height: 700, quality: 90),
    ]
    let frames = try render(photo.bytes, sizes).outputs.map { try #require(JPEGFixture.frame($0.jpeg)) }
    #expect(frames.allSatisfy { $0.marker == 0xC2 })
    #expect(frames.map(\.factors) == [[0x22, 0x11, 0x11], [0x11, 0x11, 0x11], [0x11, 0x11, 0x11], [0x22, 0x11, 0x11]])
  }

  @Test func boxesOfOtherRatios() throws {
    let sizes = [
      ThumbnailSize(name: "wide", width: 400, height: 50, quality: 80),
      ThumbnailSize(name: "tall", width: 50, height: 400, quality: 80),
      ThumbnailSize(name: "dot", width: 1, height: 1, quality: 80),
    ]
    let pixels = try render(photo.bytes, sizes).outputs.map(\.pixels)
    #expect(pixels == [.init(width: 75, height: 50), .init(width: 50, height: 33), .init(width: 1, height: 1)])
  }

  /// Every size shows the same picture: the mean of each plane stays.
  @Test func sizesAgree() throws {
    let means = try render(photo.bytes).outputs.map { output in
      try Picture(output.jpeg).planes.map { plane in
        Double(plane.samples.reduce(0) { $0 + Int($1) }) / Double(plane.samples.count)
      }
    }
    for plane in 0..<3 {
      #expect(abs(means[0][plane] - means[2][plane]) < 1.5)
      #expect(abs(means[1][plane] - means[2][plane]) < 1.5)
    }
  }

  @Test func theStampIsInTheFirstBytes() throws {
    let stamp = Stamp(source: SourceFile(path: "a", size: .max, modifiedUs: .max), recipe: try Recipe.plain.hash)
    let result = try Renderer(recipe: .plain, limits: .init()).render(photo.bytes, comment: stamp.text)
    for output in result.outputs { #expect(Stamp(head: Array(output.jpeg.prefix(Stamp.headBytes))) == stamp) }
    #expect(Stamp(head: [0xFF, 0xD8, 0xFF, 0xFE, 0, 3, 65]) == nil)
    #expect(Stamp(head: []) == nil)
  }
}
