import Testing

@testable import Thumbnails

/// What the decoders make of each kind of samples.
@Suite struct FormatTests {
  private func ramp(_ x: Int, _ y: Int, _ channel: Int) -> Int { (x * 7 + y * 13 + channel * 91) % 256 }

  /// JFIF 1.02: what R, G, B should become.
  private func ycc(_ r: Int, _ g: Int, _ b: Int) -> [Double] {
    let (r, g, b) = (Double(r), Double(g), Double(b))
    return [
      0.299 * r + 0.587 * g + 0.114 * b, 128 - 0.168736 * r - 0.331264 * g + 0.5 * b,
      128 + 0.5 * r - 0.418688 * g - 0.081312 * b,
    ]
  }

  private func expect(_ planes: [Picture.Plane], at x: Int, _ y: Int, _ wanted: [Double], _ note: String) {
    for (plane, value) in zip(planes, wanted) {
      #expect(abs(Double(plane[x, y]) - value) <= 1, "\(note) at \(x), \(y)")
    }
  }

  @Test(arguments: [[UInt8(0)], [1], [2], [3], [4], [4, 3, 2, 1, 0]])
  func everyRowFilter(_ filters: [UInt8]) throws {
    for type in [PNGFixture.ColourType.grey, .greyAlpha, .rgb, .rgba] {
      var png = PNGFixture(29, 17, type) { x, y, channel in
        (type == .rgba && channel == 3) || (type == .greyAlpha && channel == 1) ? 255 : ramp(x, y, channel)
      }
      png.filters = filters
      let planes = try Picture(png.bytes).planes
      #expect(planes.count == (type == .rgb || type == .rgba ? 3 : 1))
      for y in 0..<17 {
        for x in 0..<29 {
          let wanted =
            planes.count == 1 ? [Double(ramp(x, y, 0))] : ycc(ramp(x, y, 0), ramp(x, y, 1), ramp(x, y, 2))
          expect(planes, at: x, y, wanted, "\(type) \(filters)")
        }
      }
    }
  }

  @Test func alphaLiesOnTheBackground() throws {
    var recipe = Recipe.plain
    recipe.background = Colour(red: 200, green: 100, blue: 0)
    let colour = PNGFixture(16, 16, .rgba) { x, _, channel in [0, 0, 255, x * 17][channel] }
    let planes = try Picture(colour.bytes, recipe: recipe).planes
    for x in 0..<16 {
      let share = Double(x * 17) / 255
      let mixed = [200 * (1 - share), 100 * (1 - share), 255 * share].map { Int($0.rounded()) }
      expect(planes, at: x, 3, ycc(mixed[0], mixed[1], mixed[2]), "rgba")
    }
    let grey = PNGFixture(16, 16, .greyAlpha) { x, _, channel in [50, x * 17][channel] }
    let over = try Picture(grey.bytes, recipe: recipe).planes
    expect(over, at: 0, 0, ycc(200, 100, 0), "grey over a colour")
    expect(over, at: 15, 0, ycc(50, 50, 50), "grey over a colour")
    recipe.background = .white
    #expect(try Picture(grey.bytes, recipe: recipe).planes.count == 1)
  }

  @Test func sixteenBitsAreRounded() throws {
    let png = PNGFixture(16, 4, .grey, bits: 16) { x, _, _ in x * 4369 }
    let planes = try Picture(png.bytes).planes
    for x in 0..<16 { #expect(planes[0][x, 0] == x * 17) }
  }

  @Test func palettesAndTransparentColours() throws {
    var png = PNGFixture(8, 2, .palette) { x, _, _ in x % 3 }
    png.chunks = [("PLTE", [255, 0, 0, 0, 255, 0, 0, 0, 255]), ("tRNS", [255, 255, 0])]
    let planes = try Picture(png.bytes).planes
    expect(planes, at: 0, 0, ycc(255, 0, 0), "palette")
    expect(planes, at: 1, 0, ycc(0, 255, 0), "palette")
    expect(planes, at: 2, 0, ycc(255, 255, 255), "palette, transparent")
    var keyed = PNGFixture(8, 2, .rgb) { x, _, _ in x == 4 ? 10 : 200 }
    keyed.chunks = [("tRNS", [0, 10, 0, 10, 0, 10])]
    expect(try Picture(keyed.bytes).planes, at: 4, 1, ycc(255, 255, 255), "colour key")
  }

  /// The top left corner is red, the top right green, the bottom left blue, the bottom right white: seen upright.
  @Test(arguments: 1...8)
  func orientation(_ orientation: Int) throws {
    let corners = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
    // The stored image, for each orientation: where the upright pixel (x, y) of 48 by 32 is found.
    let isTurned = orientation >= 5
    let (width, height) = isTurned ? (31, 47) : (47, 31)
    let png = PNGFixture(width, height, .rgb) { x, y, channel in
      let (u, v): (Int, Int) =
        switch orientation {
        case 2: (width - 1 - x, y)
        case 3: (width - 1 - x, height - 1 - y)
        case 4: (x, height - 1 - y)
        case 5: (y, x)
        case 6: (height - 1 - y, x)
        case 7: (height - 1 - y, width - 1 - x)
        case 8: (y, width - 1 - x)
        default: (x, y)
        }
      return corners[(u >= 24 ? 1 : 0) + (v >= 16 ? 2 : 0)][channel]
    }
    for isLittle in [true, false] {
      let jpeg = JPEGFixture.oriented(try JPEGFixture.make(png), UInt8(orientation), isLittle: isLittle)
      #expect(try ImageHeader(jpeg).size == PixelSize(width: 47, height: 31))
      for (size, chroma) in [
        (PixelSize(width: 47, height: 31), ThumbnailSize.Chroma.full), (PixelSize(width: 24, height: 16), .half),
      ] {
        let planes = try Picture(decoding: jpeg, to: size, chroma: chroma, recipe: .plain, limits: .init()).planes
        for (corner, colour) in corners.enumerated() {
          for plane in 0..<3 {
            let x = corner % 2 == 0 ? planes[plane].width / 5 : planes[plane].width * 4 / 5
            let y = corner < 2 ? planes[plane].height / 5 : planes[plane].height * 4 / 5
            let wanted = ycc(colour[0], colour[1], colour[2])[plane]
            #expect(abs(Double(planes[plane][x, y]) - wanted) < 12, "orientation \(orientation), \(corner), plane \(plane)")
          }
        }
      }
    }
  }

  /// A chroma edge must not move against its luma edge when an odd width is mirrored.
  @Test func mirroringKeepsChromaInPlace() throws {
    let png = PNGFixture(95, 9, .rgb) { x, _, channel in x < 40 ? [200, 30, 30][channel] : [30, 30, 200][channel] }
    let jpeg = try JPEGFixture.make(png, chroma: .half)
    let plain = try Picture(jpeg, chroma: .half).planes
    let mirrored = try Picture(JPEGFixture.oriented(jpeg, 2), chroma: .half).planes
    func edge(_ plane: Picture.Plane) -> Double {
      let row = (0..<plane.width).map { Double(plane[$0, 2]) }
      let middle = (row[2] + row[plane.width - 3]) / 2
      for x in 1..<plane.width where (row[x - 1] < middle) != (row[x] < middle) {
        return Double(x) - 0.5 + (middle - row[x - 1]) / (row[x] - row[x - 1])
      }
      return -1
    }
    for plane in 1...2 {
      let straight = edge(plain[plane])
      let back = 95.0 / 2 - edge(mirrored[plane])
      #expect(abs(straight - back) < 0.15, "plane \(plane): \(straight) and \(back)")
    }
  }
}
