/// "Did you mean": the nearest word by the optimal string alignment distance (insertions, deletions, substitutions and
/// swaps of neighbours cost 1 each), letters compared without case.
enum Spelling {
  /// The nearest of `words` when it is near enough to be a slip: a third of the longer word's letters, at least one.
  static func nearest(to word: String, among words: [String]) -> String? {
    let near = words.map { (word: $0, distance: distance(word, $0)) }
      .min { $0.distance < $1.distance }
    guard let near, near.distance <= max(1, max(word.count, near.word.count) / 3) else { return nil }
    return near.word
  }

  static func distance(_ a: String, _ b: String) -> Int {
    // Longer ones are no slips of the pen, and the table would grow with their product.
    guard a.count <= 64, b.count <= 64 else { return .max }
    let a = Array(a.lowercased())
    let b = Array(b.lowercased())
    var older: [Int] = []
    var above = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(above[j + 1] + 1, row[j] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, older[j - 1] + 1) }
        row.append(cost)
      }
      older = above
      above = row
    }
    return above[b.count]
  }
}
