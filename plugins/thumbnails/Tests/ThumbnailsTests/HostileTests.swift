import Foundation
import Testing

@testable import Thumbnails

/// Files made to be wrong: each ends as an error or a picture, never as a crash or a leak.
@Suite struct HostileTests {
  private let sizes = Recipe.plain.sizes

  private func failure(
    _ bytes: [UInt8], limits: ThumbnailsConfig.Limits = .init(), recipe: Recipe = .plain
  ) -> ThumbnailsError? {
    do throws(ThumbnailsError) {
      _ = try Renderer(recipe: recipe, limits: limits).render(bytes, comment: "")
      return nil
    } catch {
      return error
    }
  }

  private func photo(_ width: Int = 320, _ height: Int = 200) -> PNGFixture {
    PNGFixture(width, height, .rgb) { x, y, channel in (x * x / 50 + y * 3 + channel * 70) % 256 }
  }

  @Test(
    arguments: [[], [0xFF], [0xFF, 0xD8], [0xFF, 0xD8, 0xFF], Array("GIF89a".utf8), [0x89, 0x50, 0x4E, 0x47]] as [[UInt8]])
  func noImage(_ bytes: [UInt8]) {
    #expect(failure(bytes)?.code == .unreadable)
  }

  @Test func everyTruncationFails() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    for bytes in [photo().bytes, try JPEGFixture.make(photo())] {
      for _ in 0..<60 {
        // The last bytes of a JPEG are padding and a marker that nothing depends on; those of a PNG are its last chunk.
        let count = Int.random(in: 0..<(bytes.count - 16), using: &random)
        let error = failure(Array(bytes.prefix(count)))
        #expect(error?.isPermanent == true, "seed \(seed), cut at \(count)")
        #expect(error?.message.isEmpty == false)
      }
    }
  }

  @Test func aTruncatedJPEGCanBeAWarning() throws {
    var recipe = Recipe.plain
    recipe.truncated = .warn
    let jpeg = try JPEGFixture.make(photo())
    let cut = Array(jpeg.prefix(jpeg.count * 2 / 3))
    #expect(failure(cut)?.message == "Premature end of JPEG file")
    let result = try Renderer(recipe: recipe, limits: .init()).render(cut, comment: "")
    #expect(result.warning == "Premature end of JPEG file")
    #expect(result.outputs.count == 3)
  }

  @Test func flippedBitsNeverCrash() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("flippedBitsNeverCrash: seed \(seed)")
    var random = Seeded(seed)
    let images = [
      try JPEGFixture.make(photo(90, 70)), JPEGFixture.oriented(try JPEGFixture.make(photo(90, 70)), 6),
      photo(40, 30).bytes,
    ]
    for image in images {
      for _ in 0..<400 {
        var bytes = image
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let index = Int.random(in: 0..<bytes.count, using: &random)
          bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
        }
        let error = failure(bytes, limits: .init(maxPixels: 1_000_000, maxMemoryMiB: 64))
        #expect(error.map(\.isPermanent) != false, "seed \(seed)")
      }
    }
  }

  /// A header that promises what the pixels do not hold.
  @Test func bombs() throws {
    func png(_ width: Int, _ height: Int) -> [UInt8] {
      var small = PNGFixture(1, 1, .rgb) { _, _, _ in 0 }
      small.width = width
      small.height = height
      small.rows = Array(repeating: 0, count: height)
      return small.bytes
    }
    let wide = try #require(failure(png(60_000, 60_000)))
    #expect(wide.code == .overLimit)
    #expect(wide.message.contains("60000 × 60000"))
    // Within the pixels, but not within the memory.
    let large = failure(png(9_000, 9_000), limits: .init(maxPixels: 100_000_000, maxMemoryMiB: 16))
    #expect(large?.code == .overLimit || large?.code == .unreadable)
    // All it says is allowed: then there is too little data, and no memory was taken for what is missing.
    #expect(failure(png(9_000, 9_000))?.code == .unreadable)
  }

  @Test func limitsNameWhatExceedsThem() throws {
    let jpeg = try JPEGFixture.make(photo())
    let pixels = try #require(failure(jpeg, limits: .init(maxPixels: 63_999)))
    #expect(pixels.code == .overLimit && pixels.message.contains("63999"))
    #expect(failure(jpeg, limits: .init(maxPixels: 64_000)) == nil)
    // Our own output is progressive: its coefficients are held as a whole.
    let memory = try #require(failure(try JPEGFixture.make(photo(3000, 2000)), limits: .init(maxMemoryMiB: 20)))
    #expect(memory.code == .overLimit && memory.message.contains("20 MiB"), "\(memory)")
  }

  /// Errors leave libjpeg and libpng by longjmp. What they held must be freed all the same. In a process of its own: other
  /// tests take memory meanwhile.
  @Test func corruptImagesDoNotLeak() async {
    await #expect(processExitsWith: .success) {
      let photo = PNGFixture(640, 400, .rgb) { x, y, channel in (x * x / 50 + y * 3 + channel * 70) % 256 }
      let jpeg = try JPEGFixture.make(photo)
      let broken = [
        Array(jpeg.prefix(jpeg.count / 2)), Array(photo.bytes.dropLast(3_000)),
        JPEGFixture.oriented(Array(jpeg.prefix(jpeg.count - 400)), 6),
      ]
      let renderer = Renderer(recipe: .plain, limits: .init())
      func round() throws {
        for bytes in broken {
          do throws(ThumbnailsError) {
            _ = try renderer.render(bytes, comment: "")
          } catch {
            continue
          }
          throw ThumbnailsError(.system, "a broken image was read")
        }
      }
      for _ in 0..<40 { try round() }
      let before = try HostileTests.residentKiB()
      for _ in 0..<200 { try round() }
      // Each round holds several megabytes: a plane of it left behind each time would be 50 MiB.
      let after = try HostileTests.residentKiB()
      precondition(after - before < 8 << 10)
    }
  }

  private static func residentKiB() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
  }
}
