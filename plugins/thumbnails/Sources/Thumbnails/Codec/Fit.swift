/// Width and height in pixels.
package struct PixelSize: Codable, Hashable, Sendable {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  package var pixels: Int { width * height }

  /// The largest size of the same ratio that fits the box and is no larger than this one; each side at least 1, rounded to
  /// the nearest pixel.
  package func fitted(into box: PixelSize) -> PixelSize {
    guard width > box.width || height > box.height else { return self }
    // Whether the width or the height meets the box first.
    if width * box.height >= height * box.width {
      return PixelSize(width: box.width, height: max(1, (2 * height * box.width + width) / (2 * width)))
    }
    return PixelSize(width: max(1, (2 * width * box.height + height) / (2 * height)), height: box.height)
  }
}
