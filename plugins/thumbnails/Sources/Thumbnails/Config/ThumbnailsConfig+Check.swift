import AWSClient
package import CarillonPlugin

extension ThumbnailsConfig {
  /// Everything that is wrong with a configuration that could be decoded.
  package var diagnostics: [Diagnostic] {
    places + globs + sizeList + bounds
  }

  private var places: [Diagnostic] {
    var found: [Diagnostic] = []
    for (pointer, place) in [("/source", source), ("/destination", destination)] {
      guard let folder = place?.folder, !folder.hasPrefix("/") else { continue }
      found.append(.error("\"\(folder)\" is not an absolute path", at: pointer + "/folder"))
    }
    return found + aws.problems.map { .error($0.message, at: "/aws/\($0.key)") }
  }

  private var globs: [Diagnostic] {
    let lists = [("/include", include), ("/exclude", exclude)]
    var found: [Diagnostic] = lists.flatMap { pointer, list in
      list.enumerated().compactMap { index, text in
        Glob(text) == nil
          ? .error("\"\(text)\" is not a glob: a bracket or brace is not closed", at: "\(pointer)/\(index)")
          : nil
      }
    }
    if include.isEmpty { found.append(.warning("no file is included", at: "/include")) }
    return found
  }

  private var sizeList: [Diagnostic] {
    var found: [Diagnostic] = []
    if sizes.isEmpty { found.append(.error("there must be at least one size", at: "/sizes")) }
    var names: Set<String> = []
    for (index, size) in sizes.enumerated() {
      let pointer = "/sizes/\(index)"
      let isPlain = size.name.utf8.allSatisfy { byte in
        let character = Character(UnicodeScalar(byte))
        return character.isASCII && (character.isLetter || character.isNumber || character == "-")
      }
      if size.name.isEmpty || size.name.utf8.count > 64 || !isPlain {
        found.append(
          .error("a size's name is 1 to 64 letters, digits and hyphens", at: pointer + "/name"))
      }
      if !names.insert(size.name).inserted {
        found.append(.error("another size is called \"\(size.name)\" too", at: pointer + "/name"))
      }
      for (key, value) in [("width", size.width), ("height", size.height)]
      where !(1...65_500).contains(value) {
        found.append(.error("\(value) is not within 1 to 65500", at: "\(pointer)/\(key)"))
      }
      if !(1...100).contains(size.quality) {
        found.append(.error("\(size.quality) is not within 1 to 100", at: pointer + "/quality"))
      }
    }
    return found
  }

  private var bounds: [Diagnostic] {
    var found: [Diagnostic] = []
    if !(1...10_000_000_000).contains(limits.maxPixels) {
      found.append(.error("must be within 1 and 10 thousand million", at: "/limits/maxPixels"))
    }
    if !(16...1_048_576).contains(limits.maxMemoryMiB) {
      found.append(.error("must be within 16 and 1048576", at: "/limits/maxMemoryMiB"))
    }
    return found
  }
}
