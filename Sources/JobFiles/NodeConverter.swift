import Yams

/// Takes one parsed document over into our own nodes, within bounds.
struct NodeConverter {
  let findings: FindingLog
  /// Keys that were set aside, by what stands in their place.
  let restore: [String: String]
  private var count = 0

  init(findings: FindingLog, restore: [String: String]) {
    self.findings = findings
    self.restore = restore
  }

  /// nil, and a finding, when the document is out of bounds.
  mutating func convert(_ root: Node) -> YAMLNode? { convert(root, path: "", depth: 0) }

  private mutating func convert(_ node: Node, path: String, depth: Int) -> YAMLNode? {
    let mark = node.mark.map(SourceMark.init) ?? SourceMark(line: 1, column: 1)
    count += 1
    guard count <= YAMLReader.maxNodes else {
      if count == YAMLReader.maxNodes + 1 {
        findings.add(mark, path, "the document holds more than \(YAMLReader.maxNodes) values, aliases expanded")
      }
      return nil
    }
    guard depth <= YAMLReader.maxDepth else {
      findings.add(mark, path, "nested more than \(YAMLReader.maxDepth) levels deep")
      return nil
    }
    switch node {
    case .scalar(let scalar): return YAMLNode(mark: mark, content: convert(scalar, mark, path))
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for (index, item) in sequence.enumerated() {
        guard let item = convert(item, path: "\(path)[\(index)]", depth: depth + 1) else { return nil }
        items.append(item)
      }
      return YAMLNode(mark: mark, content: .sequence(items))
    case .mapping(let mapping):
      guard let members = members(of: mapping, path: path, depth: depth) else { return nil }
      return YAMLNode(mark: mark, content: .mapping(members))
    case .alias: return nil  // the parser expands them
    }
  }

  private mutating func members(of mapping: Node.Mapping, path: String, depth: Int) -> [YAMLNode.Member]? {
    var members: [YAMLNode.Member] = []
    var first: [String: SourceMark] = [:]
    for (keyNode, valueNode) in mapping {
      let mark = keyNode.mark.map(SourceMark.init) ?? SourceMark(line: 1, column: 1)
      guard case .scalar(let scalar) = keyNode else {
        findings.add(mark, path, "a key must be text")
        continue
      }
      let key = restore[scalar.string] ?? scalar.string
      let keyPath = path.isEmpty ? key : "\(path).\(key)"
      if key == "<<", scalar.style == .plain {
        findings.add(mark, path, "merge keys (<<) are not part of YAML 1.2: write the keys out")
        continue
      }
      if let earlier = first[key] {
        findings.add(mark, keyPath, "the key stands in line \(earlier.line) already")
        continue
      }
      first[key] = mark
      guard let value = convert(valueNode, path: keyPath, depth: depth + 1) else { return nil }
      members.append(YAMLNode.Member(key: key, keyMark: mark, value: value))
    }
    return members
  }

  private func convert(_ scalar: Node.Scalar, _ mark: SourceMark, _ path: String) -> YAMLNode.Content {
    let tag = Tag.Name(rawValue: scalar.tag.rawValue)
    switch tag {
    case .str, .nonSpecific: return .scalar(scalar.string, isPlain: false)
    case .implicit, .int, .float, .bool, .null:
      return .scalar(scalar.string, isPlain: scalar.style == .plain || tag != .implicit)
    default:
      findings.add(mark, path, "the tag \(tag.rawValue) is not known here")
      return .scalar(scalar.string, isPlain: false)
    }
  }
}
