/// An expression as it was written, without its comment, in words.
struct SourceText {
  /// In capitals; the index is the column less one.
  let characters: [Character]
  /// As written.
  private let written: [Character]
  /// Where each word stands.
  let words: [Range<Int>]

  init(_ text: String) {
    written = Array(text)
    characters = written.map { character in
      let capital = character.uppercased()
      return capital.count == 1 ? Character(capital) : character
    }
    var words: [Range<Int>] = []
    var start: Int?
    for (index, character) in characters.enumerated() {
      // A # inside of a word is the second Monday; in front of one it begins a comment.
      if character == "#" && start == nil { break }
      if character.isWhitespace {
        if let begun = start { words.append(begun..<index) }
        start = nil
      } else if start == nil {
        start = index
      }
      if index == characters.count - 1, let begun = start { words.append(begun..<index + 1) }
    }
    self.words = words
  }

  subscript(index: Int) -> Character { characters[index] }

  /// A part as it was written.
  func text(_ range: Range<Int>) -> String { String(written[range]) }
}
