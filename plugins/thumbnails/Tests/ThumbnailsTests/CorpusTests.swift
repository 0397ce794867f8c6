import Foundation
import Testing

@testable import Thumbnails

/// The odd images of other projects.
@Suite(.enabled(if: Corpus.images != nil, "no corpus: set CARILLON_CORPUS")) struct CorpusTests {
  /// What cannot be read, by a part of its path, and how the message begins.
  private static let unreadable: [(part: String, message: String)] = [
    ("giant-image", "20000 × 14000 pixels are more than the limit"),
    ("65536-uint32-limit", "65536 × 65536 pixels are more than the limit"),
    ("lossless", "Unsupported JPEG process: SOF type 0xc3"), ("XA1", "Unsupported JPEG process"),
    ("MR4", "Unsupported JPEG process"), ("testimgl", "Unsupported JPEG process"),
    ("monkey12", "Unsupported JPEG data precision 12"), ("beach", "Empty JPEG image (DNL not supported)"),
    ("corrupt-header", "Premature end of JPEG file"), ("xdtn0g01", "IEND: out of place"),
    ("xd9n2c08", "Invalid IHDR data"), ("xd0n2c08", "Invalid IHDR data"), ("xc1n0g08", "Invalid IHDR data"),
    ("xd3n2c08", "Invalid IHDR data"), ("xc9n2c08", "Invalid IHDR data"), ("xcsn0g01", "IDAT: CRC error"),
    ("xhdn0g08", "IHDR: CRC error"),
  ]

  private static var readable: [String] {
    Corpus.paths.filter { path in !unreadable.contains { path.contains($0.part) } }
  }

  private func render(_ path: String, _ sizes: [ThumbnailSize]) throws -> Renderer.Result {
    var recipe = Recipe.plain
    recipe.sizes = sizes
    return try Renderer(recipe: recipe, limits: .init()).render(try Corpus.bytes(path), comment: "corpus")
  }

  @Test(arguments: Corpus.paths.filter { path in unreadable.contains { path.contains($0.part) } })
  func failsInTheLibrarysWords(_ path: String) throws {
    let wanted = try #require(CorpusTests.unreadable.first { path.contains($0.part) })
    #expect {
      try render(path, .standard)
    } throws: { error in
      (error as? ThumbnailsError).map { $0.isPermanent && $0.message.hasPrefix(wanted.message) } ?? false
    }
  }

  @Test(arguments: readable)
  func reads(_ path: String) throws {
    let result = try render(path, .standard)
    #expect(result.outputs.count == 3)
    for output in result.outputs { #expect(try ImageHeader(output.jpeg).size == output.pixels) }
  }

  /// Pillow reads the same files by its own code: colours, orientation and size have to agree.
  @Test(.enabled(if: Oracle.python != nil, "no python3 with Pillow: set CARILLON_PYTHON"))
  func agreesWithPillow() throws {
    let folder = try ScratchFolder()
    for path in CorpusTests.readable {
      let size = ThumbnailSize(name: "s", width: 400, height: 400, quality: 97, chroma: .full)
      let output = try render(path, [size]).outputs[0]
      try folder.write(path.replacing("/", with: "@") + ".jpg", output.jpeg)
    }
    let found = try Oracle.differences(images: try #require(Corpus.images), outputs: folder.path)
    #expect(found.count == CorpusTests.readable.count)
    // Pillow leaves out the transparent colour of 16-bit grey.
    for (path, answer) in found.sorted(by: { $0.key < $1.key }) where !path.contains("i_trns") {
      // Coarse dithering, which JPEG is worst at, comes to 4.2.
      if case .difference(let mean) = answer { #expect(mean < 5, "\(path)") }
    }
  }
}
