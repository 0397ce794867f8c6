import Yams

/// Turns the text of a job file into nodes. The one file that knows the YAML library.
struct YAMLReader {
  /// Values in a document once its aliases are expanded: a few lines of aliases of aliases could stand for billions.
  static let maxNodes = 100_000
  /// Aliases in a file. The library expands them while it looks for duplicate keys, before `maxNodes` can be watched.
  static let maxAliases = 40
  static let maxDepth = 100

  let file: String
  let findings: FindingLog

  /// Every document of the text, as far as it can be read; what cannot is in the findings.
  func documents(_ source: SourceText) -> [YAMLNode] {
    guard Self.countAliases(source.text) <= Self.maxAliases else {
      findings.add(nil, "", "the file has more than \(Self.maxAliases) aliases: write the values out")
      return []
    }
    var duplicates = DuplicateKeys(text: source.text)
    while true {
      let (roots, error) = parse(duplicates.text)
      if case .duplicatedKeysInMapping(let names, let context)? = error,
        duplicates.setAside(names.first ?? "", at: SourceMark(context.mark))
      {
        continue
      }
      if let error { report(error, in: duplicates.text) }
      return roots.compactMap { root in
        var converter = NodeConverter(findings: findings, restore: duplicates.originals)
        return converter.convert(root)
      }
    }
  }

  private func parse(_ text: String) -> ([Node], YamlError?) {
    var roots: [Node] = []
    do {
      // No rules: what a scalar means is decided by YAMLScalar, and duplicate keys are compared as text.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      while let root = try parser.nextRoot() { roots.append(root) }
      return (roots, nil)
    } catch let error as YamlError {
      return (roots, error)
    } catch {
      return (roots, .memory)  // Yams throws nothing else
    }
  }

  private func report(_ error: YamlError, in text: String) {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let place = SourceMark(mark)
      if problem.contains("cannot start any token"), character(at: place, in: text) == "\t" {
        findings.add(place, "", "a tab: YAML is indented with spaces")
      } else {
        let detail = context.map { " (\($0.text), begun in line \($0.mark.line))" } ?? ""
        findings.add(place, "", "not valid YAML: \(problem)\(detail)")
      }
    case .duplicatedKeysInMapping(let names, let context):
      findings.add(SourceMark(context.mark), names.first ?? "", "the key stands twice in its mapping")
    case .reader(let problem, _, _, _): findings.add(nil, "", "not valid YAML: \(problem)")
    default: findings.add(nil, "", "not valid YAML: \(error)")
    }
  }

  private func character(at mark: SourceMark, in text: String) -> Unicode.Scalar? {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.indices.contains(mark.line - 1) else { return nil }
    return lines[mark.line - 1].dropFirst(mark.column - 1).first
  }

  /// How often `*name` stands where YAML would read an alias. Counts some that stand in comments and texts; none too few.
  private static func countAliases(_ text: String) -> Int {
    var count = 0
    var before: UInt8 = UInt8(ascii: " ")
    var isName = false
    var length = 0
    for byte in text.utf8 {
      if isName {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          length += 1
        default:
          if length > 0, byte <= 0x20 || ",]}:".utf8.contains(byte) { count += 1 }
          isName = false
        }
      }
      if byte == UInt8(ascii: "*"), before <= 0x20 || "[]{},:?-".utf8.contains(before) {
        isName = true
        length = 0
      }
      before = byte
    }
    return isName && length > 0 ? count + 1 : count
  }
}

extension SourceMark {
  init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}
