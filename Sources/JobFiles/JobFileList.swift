/// Job files, in an order.
package struct JobFileList: Sendable {
  package let files: [String]

  package init(_ files: [String]) { self.files = files }

  /// Every `*.yaml` and `*.yml` of a folder. Throws `unreadable`.
  package init(folder: String) throws(JobFileError) {
    let names = try FileReading.names(in: folder)
    let files = names.filter { !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) }
    self.init(files.sorted().map { "\(folder)/\($0)" })
  }

  /// Findings in the order of the files and of the places in them.
  package func inOrder(_ findings: [JobFinding]) -> [JobFinding] {
    if findings.isEmpty { return findings }
    let order = Dictionary(zip(files, files.indices)) { first, _ in first }
    return findings.sorted { left, right in
      let (i, j) = (order[left.file] ?? 0, order[right.file] ?? 0)
      return i == j ? (left.mark ?? .start) < (right.mark ?? .start) : i < j
    }
  }
}

extension SourceMark {
  static let start = SourceMark(line: 0, column: 0)
}
