/// What an output was made of. Written into each output as a JPEG comment, so that the next run can tell whether it is still
/// right without a database beside it, and a walk can tell outputs from photos.
package struct Stamp: Hashable, Sendable {
  /// The source's size in bytes and its modification time in microseconds since 1970.
  package var sourceSize: Int64
  package var sourceModifiedUs: Int64

  /// `Recipe.hash` of what it was made with.
  package var recipe: String

  package init(source: SourceFile, recipe: String) {
    sourceSize = source.size
    sourceModifiedUs = source.modifiedUs
    self.recipe = recipe
  }

  private static let label = "carillon-thumbnail/1"

  /// How many of an output's first bytes hold its stamp.
  package static let headBytes = 256

  package var text: String {
    "\(Stamp.label) size=\(sourceSize) modified-us=\(sourceModifiedUs) recipe=\(recipe)"
  }

  /// Nil unless `text` is one that `text` writes.
  package init?(_ text: Substring) {
    let words = text.split(separator: " ")
    guard words.count == 4, words[0] == Stamp.label,
      let size = Stamp.value("size", words[1]).flatMap({ Int64($0) }),
      let modified = Stamp.value("modified-us", words[2]).flatMap({ Int64($0) }),
      let recipe = Stamp.value("recipe", words[3])
    else { return nil }
    sourceSize = size
    sourceModifiedUs = modified
    self.recipe = String(recipe)
  }

  private static func value(_ key: String, _ word: Substring) -> Substring? {
    word.hasPrefix(key + "=") ? word.dropFirst(key.count + 1) : nil
  }

  /// The stamp in the first bytes of a JPEG (ITU-T T.81, annex B: segments of a marker and a length); nil when there is none.
  package init?(head: [UInt8]) {
    guard head.count >= 4, head[0] == 0xFF, head[1] == 0xD8 else { return nil }
    var index = 2
    while index + 4 <= head.count, head[index] == 0xFF {
      let length = Int(head[index + 2]) << 8 | Int(head[index + 3])
      guard length >= 2, index + 2 + length <= head.count else { return nil }
      if head[index + 1] == 0xFE {
        self.init(Substring(decoding: head[(index + 4)..<(index + 2 + length)], as: UTF8.self))
        return
      }
      index += 2 + length
    }
    return nil
  }
}
