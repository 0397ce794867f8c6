extension Sequence<String> {
  /// The one that somebody who typed `name` most likely meant: the nearest by edit distance, if it is near enough to be
  /// worth a "did you mean", or else one that begins alike; nil otherwise.
  package func nearest(to name: String) -> String? {
    let typed = Array(name.lowercased())
    let limit = Swift.max(1, typed.count / 3)
    var best: (name: String, distance: Int)?
    var alike: (name: String, letters: Int)?
    for candidate in self where candidate != name {
      let letters = Array(candidate.lowercased())
      let distance = editDistance(typed, letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
      let common = zip(typed, letters).prefix { $0 == $1 }.count
      if common >= Swift.max(4, typed.count / 2), common > alike?.letters ?? 0 { alike = (candidate, common) }
    }
    return best?.name ?? alike?.name
  }
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other (the "optimal string
/// alignment" distance).
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  if left.isEmpty || right.isEmpty { return left.count + right.count }
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for i in 1...left.count {
    var row = [i]
    for j in 1...right.count {
      var cost = Swift.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1))
      if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
        cost = Swift.min(cost, beforeLast[j - 2] + 1)
      }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[right.count]
}
