/// Makes all sizes of an image from one decoding.
package struct Renderer: Sendable {
  /// One finished size.
  package struct Output: Hashable, Sendable {
    package let size: ThumbnailSize
    package let pixels: PixelSize
    package let jpeg: [UInt8]
  }

  package struct Result: Hashable, Sendable {
    /// Of the source, upright.
    package let pixels: PixelSize

    /// In the recipe's order.
    package let outputs: [Output]

    /// What was wrong with the source and could be borne; empty for nothing.
    package let warning: String
  }

  package let recipe: Recipe
  package let limits: ThumbnailsConfig.Limits

  package init(recipe: Recipe, limits: ThumbnailsConfig.Limits) {
    self.recipe = recipe
    self.limits = limits
  }

  /// Renders an image's bytes; `comment` goes into every output. Largest first, each size from the one before: a picture of
  /// twice the size already holds all that the smaller one can show.
  package func render(_ bytes: [UInt8], comment: String) throws(ThumbnailsError) -> Result {
    let source = try ImageHeader(bytes).size
    guard source.pixels <= limits.maxPixels else {
      throw ThumbnailsError(
        .overLimit,
        "\(source.width) × \(source.height) pixels are more than the limit of \(limits.maxPixels)")
    }
    var plan = recipe.sizes.enumerated().map { index, size in
      let box = PixelSize(width: size.width, height: size.height)
      return Step(index: index, size: size, pixels: source.fitted(into: box))
    }
    plan.sort { $0.pixels.pixels > $1.pixels.pixels }
    var outputs: [Output?] = Array(repeating: nil, count: plan.count)
    var chroma = chroma(of: plan[...])
    var picture = try Picture(
      decoding: bytes, to: reach(of: plan[...], source), chroma: chroma, recipe: recipe,
      limits: limits)
    let warning = picture.warning
    for (position, step) in plan.enumerated() {
      // Sizes of other ratios come from the same ancestor: each is no larger than the reach of those that follow it.
      let rest = plan[position...]
      let reach = reach(of: rest, source)
      let needed = self.chroma(of: rest)
      if picture.size != reach || chroma != needed {
        picture = try picture.resized(to: reach, chroma: needed)
        chroma = needed
      }
      outputs[step.index] = try encode(step, from: picture, having: chroma, comment: comment)
    }
    return Result(pixels: source, outputs: outputs.compactMap(\.self), warning: warning)
  }

  private struct Step {
    let index: Int
    let size: ThumbnailSize
    let pixels: PixelSize
  }

  /// The smallest size from which all of these can be made. All have the source's ratio, so it is the first one, but for
  /// a pixel of rounding.
  private func reach(of plan: ArraySlice<Step>, _ source: PixelSize) -> PixelSize {
    PixelSize(
      width: plan.map(\.pixels.width).max() ?? source.width,
      height: plan.map(\.pixels.height).max() ?? source.height)
  }

  private func chroma(of plan: ArraySlice<Step>) -> ThumbnailSize.Chroma {
    plan.contains { $0.size.chroma == .full } ? .full : .half
  }

  private func encode(
    _ step: Step, from picture: borrowing Picture, having chroma: ThumbnailSize.Chroma, comment: String
  ) throws(ThumbnailsError) -> Output {
    let jpeg: [UInt8]
    if picture.size == step.pixels && chroma == step.size.chroma {
      jpeg = try picture.jpeg(quality: step.size.quality, comment: comment)
    } else {
      jpeg = try picture.resized(to: step.pixels, chroma: step.size.chroma)
        .jpeg(quality: step.size.quality, comment: comment)
    }
    return Output(size: step.size, pixels: step.pixels, jpeg: jpeg)
  }
}
