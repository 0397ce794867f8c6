/// Does one item: looks whether there is anything to do, decodes, writes. Knows nothing of the host.
package struct ThumbnailMaker: Sendable {
  /// What became of an item.
  package enum Ending: Hashable, Sendable {
    case made(ImageOutput)
    case skipped(String)
  }

  package let source: any ImageSource
  package let destination: any ImageDestination

  private let renderer: Renderer
  private let recipeHash: String
  private let force: Bool

  /// Outputs lie among the images, where no file that is not ours may be replaced.
  private let writesBesideSources: Bool

  private let gate = CPUGate()

  package init(
    config: ThumbnailsConfig, source: any ImageSource, destination: any ImageDestination
  ) throws {
    self.source = source
    self.destination = destination
    let recipe = Recipe(config)
    renderer = Renderer(recipe: recipe, limits: config.limits)
    recipeHash = try recipe.hash
    force = config.force
    writesBesideSources = config.destination == nil || config.destination == config.source
  }

  /// The keys of an item's outputs, in the recipe's order.
  package func keys(of item: ImageItem) -> [String] {
    renderer.recipe.sizes.map { OutputNames.key(base: item.base, size: $0) }
  }

  /// Makes the outputs of an item. Throws `ThumbnailsError`, and what a source or destination throws.
  package func make(_ item: ImageItem) async throws -> Ending {
    let (reason, places) = try await examine(item)
    if let reason { return .skipped(reason) }
    guard item.file.size <= Int64(renderer.limits.maxMemoryMiB) << 20 else {
      throw ThumbnailsError(
        .overLimit, "the file alone has \(item.file.size) bytes, more than the limit of \(renderer.limits.maxMemoryMiB) MiB")
    }
    let bytes = try await source.read(item.file)
    let comment = stamp(of: item).text
    let result = try await gate.run { [renderer] in try renderer.render(bytes, comment: comment) }
    try await destination.write(
      zip(zip(keys(of: item), places), result.outputs).map { Output(key: $0.0, bytes: $1.jpeg, over: $0.1) })
    return .made(report(on: item, result))
  }

  /// Why an item needs no work; nil when it does. Throws `ThumbnailsError.occupied` when its outputs have no place.
  package func reasonToSkip(_ item: ImageItem) async throws -> String? { try await examine(item).reason }

  /// Whether there is anything to do, and what stands at the outputs' places, in the order of their keys.
  private func examine(_ item: ImageItem) async throws -> (reason: String?, places: [OutputPlace]) {
    if item.file.isSpecial { return ("a symbolic link or special file, which is not followed", []) }
    let head = try await source.head(of: item.file, count: Stamp.headBytes)
    guard ImageHeader.isImage(head) else { return ("neither a JPEG nor a PNG by its first bytes", []) }
    if Stamp(head: head) != nil { return ("a thumbnail that this plugin made", []) }
    let wanted = stamp(of: item)
    var isUpToDate = true
    var places: [OutputPlace] = []
    for key in keys(of: item) {
      let place = try await destination.look(at: key)
      places.append(place)
      switch place.state {
      case .stamped(let stamp): isUpToDate = isUpToDate && stamp == wanted
      case .absent: isUpToDate = false
      case .foreign:
        isUpToDate = false
        guard force, !writesBesideSources else {
          let remedy = writesBesideSources ? "set `destination`" : "move it, or set `force`"
          throw ThumbnailsError(
            .occupied, "\(key) is in the way: it was not written by this plugin; \(remedy)")
        }
      }
    }
    return (isUpToDate && !force ? "its thumbnails are up to date" : nil, places)
  }

  private func stamp(of item: ImageItem) -> Stamp {
    Stamp(source: item.file, recipe: recipeHash)
  }

  private func report(on item: ImageItem, _ result: Renderer.Result) -> ImageOutput {
    let files = zip(keys(of: item), result.outputs).map { key, output in
      (
        output.size.name,
        ImageOutput.File(
          key: key, bytes: output.jpeg.count, width: output.pixels.width,
          height: output.pixels.height)
      )
    }
    return ImageOutput(
      source: item.file.path, bytes: Int(item.file.size), width: result.pixels.width,
      height: result.pixels.height, sizes: Dictionary(uniqueKeysWithValues: files),
      warning: result.warning.isEmpty ? nil : result.warning)
  }
}
