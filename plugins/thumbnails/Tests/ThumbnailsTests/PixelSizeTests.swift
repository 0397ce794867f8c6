import Testing

@testable import Thumbnails

@Suite struct PixelSizeTests {
  @Test(arguments: [
    (6000, 4000, 1200, 1200, 1200, 800), (4000, 6000, 1200, 1200, 800, 1200), (100, 80, 150, 150, 100, 80),
    (10_000, 1, 150, 150, 150, 1), (1, 10_000, 150, 150, 1, 150), (1000, 999, 150, 150, 150, 150),
    (300, 100, 100, 500, 100, 33), (151, 150, 150, 150, 150, 149),
  ])
  func fits(_ width: Int, _ height: Int, _ boxWidth: Int, _ boxHeight: Int, _ x: Int, _ y: Int) {
    let fitted = PixelSize(width: width, height: height).fitted(into: .init(width: boxWidth, height: boxHeight))
    #expect(fitted == PixelSize(width: x, height: y))
  }

  @Test func neverEnlargesAndKeepsTheRatio() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    for _ in 0..<20_000 {
      let source = PixelSize(width: .random(in: 1...9000, using: &random), height: .random(in: 1...9000, using: &random))
      let box = PixelSize(width: .random(in: 1...2000, using: &random), height: .random(in: 1...2000, using: &random))
      let fitted = source.fitted(into: box)
      let isInside = fitted.width <= min(box.width, source.width) && fitted.height <= min(box.height, source.height)
      let touches = fitted == source || fitted.width == box.width || fitted.height == box.height
      // The free side is the exact one rounded, or one pixel where that would be none.
      let exactHeight = Double(source.height) * Double(fitted.width) / Double(source.width)
      let exactWidth = Double(source.width) * Double(fitted.height) / Double(source.height)
      let keeps =
        abs(Double(fitted.height) - max(1, exactHeight)) <= 0.5001 || abs(Double(fitted.width) - max(1, exactWidth)) <= 0.5001
      #expect(isInside && touches && keeps, "seed \(seed): \(source) into \(box) gave \(fitted)")
    }
  }
}
