/// The YAML library stops at the first mapping that has a key twice. To find what else is wrong with a file, the earlier of
/// two equal keys is overwritten by as many characters from Unicode's private use area, and the text is parsed again: every
/// other character keeps its place.
struct DuplicateKeys {
  /// Duplicates set aside in one file.
  static let limit = 20

  private(set) var text: String
  /// Keys set aside, by what stands in their place.
  private(set) var originals: [String: String] = [:]

  init(text: String) { self.text = text }

  /// Overwrites the key at `mark`. False when it cannot be: it is empty, written with escapes, or one too many.
  mutating func setAside(_ key: String, at mark: SourceMark) -> Bool {
    guard originals.count < Self.limit, !key.isEmpty,
      let substitute = Unicode.Scalar(0xe000 + UInt32(originals.count))
    else { return false }
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    guard lines.indices.contains(mark.line - 1) else { return false }
    var start = mark.column - 1
    let line = lines[mark.line - 1]
    if line.indices.contains(start), line[start] == "\"" || line[start] == "'" { start += 1 }
    let scalars = Array(key.unicodeScalars)
    let end = start + scalars.count
    guard end <= line.count, Array(line[start..<end]) == scalars else { return false }
    let placeholder = [Unicode.Scalar](repeating: substitute, count: scalars.count)
    lines[mark.line - 1].replaceSubrange(start..<end, with: placeholder)
    originals[String(String.UnicodeScalarView(placeholder))] = key
    text = lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
    return true
  }
}
