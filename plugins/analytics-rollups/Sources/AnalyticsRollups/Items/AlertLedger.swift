import RollupTables

/// Which bursts people were told of, over all runs: a file of their ids. The tables do not depend on it.
struct AlertLedger: Sendable {
  private let path: String

  init(_ output: OutputFolder) { path = "\(output.path)/announced" }

  /// Throws `RollupsError`.
  func ids() throws -> Set<String> {
    guard let file = try SystemFile.open(path) else { return [] }
    var bytes = [UInt8](repeating: 0, count: Int(try file.stamp().size))
    _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    return Set(bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) })
  }

  func add(_ new: some Sequence<String>) throws {
    let all = try ids()
    let union = all.union(new)
    guard union.count > all.count else { return }
    let file = try SystemFile.create(path + ".new")
    try Array(union.sorted().joined(separator: "\n").utf8).withUnsafeBytes { try file.write($0) }
    try file.sync()
    try SystemFile.move(path + ".new", over: path)
  }
}
