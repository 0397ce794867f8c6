import FoundationEssentials
import RollupTables

/// What a run's discovery found: kept in the output's folder until the run has ended, for those who have to know when all is read.
struct Listing: Sendable {
  private let path: String

  init(_ output: OutputFolder, run: String) { path = "\(output.path)/\(Self.prefix)\(run).ndjson" }

  private static let prefix = "listing-"

  /// Puts a new one in the place of all others: runs that never came to their ends left theirs. Throws `RollupsError`.
  func write(_ inputs: [ListedInput], in output: OutputFolder) throws {
    for name in try SystemFile.names(in: output.path) ?? [] where name.hasPrefix(Self.prefix) {
      try SystemFile.remove("\(output.path)/\(name)")
    }
    let encoder = JSONEncoder()
    let file = try SystemFile.create(path + ".new")
    for input in inputs { try Array(try encoder.encode(input) + [0x0A]).withUnsafeBytes { try file.write($0) } }
    try file.sync()
    try SystemFile.move(path + ".new", over: path)
  }

  /// Empty when there is none. Throws `RollupsError`, `DecodingError`.
  func read() throws -> [ListedInput] {
    guard let file = try SystemFile.open(path) else { return [] }
    var bytes = [UInt8](repeating: 0, count: Int(try file.stamp().size))
    _ = try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
    let decoder = JSONDecoder()
    return try bytes.split(separator: 0x0A).map { try decoder.decode(ListedInput.self, from: Data($0)) }
  }

  func remove() throws {
    try SystemFile.remove(path)
    try SystemFile.remove(path + ".new")
  }
}
