/// The payload of an item: a file, and what its outputs are called.
package struct ImageItem: Codable, Hashable, Sendable {
  package var file: SourceFile

  /// The outputs' keys without `_<size>.jpg`.
  package var base: String

  package init(file: SourceFile, base: String) {
    self.file = file
    self.base = base
  }
}
