/// Gives each image of a folder a base name of its own.
///
/// `a.jpg` becomes `a_large.jpg`. Where another image has taken that base, as with `a.jpeg` and `a.png` in one folder, the
/// later one by name keeps its extension: `a.png_large.jpg`.
package struct OutputNames: Sendable {
  private var folder = ""
  private var taken: Set<String> = []

  package init() {}

  /// The path of the outputs without `_<size>.jpg`, relative as the file's. Files of a folder come together.
  package mutating func base(for file: SourceFile) -> String {
    if file.folder != folder {
      folder = String(file.folder)
      taken = []
    }
    let name = String(file.name)
    var candidate = OutputNames.stem(name)
    if !taken.insert(candidate).inserted {
      candidate = name
      while !taken.insert(candidate).inserted { candidate += "~" }
    }
    return folder.isEmpty ? candidate : "\(folder)/\(candidate)"
  }

  /// The key of one size.
  package static func key(base: String, size: ThumbnailSize) -> String {
    "\(base)_\(size.name).jpg"
  }

  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
