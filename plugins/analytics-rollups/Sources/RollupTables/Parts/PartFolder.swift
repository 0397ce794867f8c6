import Glibc

/// The folder of an output's parts: one file for each range that was read.
package struct PartFolder: Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Where the part of a range is. A path's hash stands for it: paths may be long and have slashes.
  package func place(of input: String, _ index: Int) -> String {
    let number = String(index)
    return "\(path)/\(Hash.hex(of: input))-\(String(repeating: "0", count: max(0, 6 - number.count)))\(number).part"
  }

  /// A name for the file that becomes a part, which no other process uses.
  func passing(_ place: String) -> String { "\(place).\(getpid()).new" }

  /// All parts, in the order of their inputs' paths and ranges. Throws `invalid`, `system`.
  package func all() throws -> [PartFile] {
    var parts: [PartFile] = []
    for name in try SystemFile.names(in: path) ?? [] where name.hasSuffix(".part") {
      if let part = try PartFile("\(path)/\(name)") { parts.append(part) }
    }
    return parts.sorted {
      $0.facts.path == $1.facts.path
        ? $0.facts.index < $1.facts.index : $0.facts.path.utf8.lexicographicallyPrecedes($1.facts.path.utf8)
    }
  }

  /// Removes what an input no longer has: it was longer before. Throws `system`.
  package func drop(of input: String, from count: Int) throws {
    let prefix = Hash.hex(of: input) + "-"
    for name in try SystemFile.names(in: path) ?? [] where name.hasPrefix(prefix) && name.hasSuffix(".part") {
      guard let index = Int(name.dropFirst(prefix.count).dropLast(5)), index >= count else { continue }
      try SystemFile.remove("\(path)/\(name)")
    }
  }

  private static let passingEnding = ".new"

  /// Some process reads a range into a part, or fetches one. Throws `system`.
  package func isBeingWritten() throws -> Bool {
    try (SystemFile.names(in: path) ?? []).contains {
      try $0.hasSuffix(Self.passingEnding) && SystemFile.isLocked("\(path)/\($0)")
    }
  }

  /// Makes the folder, and removes what processes left behind that are gone. Throws `system`.
  package func prepare() throws {
    try SystemFile.makeFolders(path)
    for name in try SystemFile.names(in: path) ?? [] where name.hasSuffix(Self.passingEnding) {
      if try !SystemFile.isLocked("\(path)/\(name)") { try SystemFile.remove("\(path)/\(name)") }
    }
  }
}
