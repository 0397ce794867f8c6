import RollupTables

/// The files of a folder and of all below it. Symbolic links are not followed.
struct FolderInputs: InputSource {
  private let folder: String
  private let endings: [String]
  /// Never looked into.
  private let leftOut: Set<String>

  init(_ folder: String, endings: [String], leavingOut: [String]) {
    self.folder = Self.trimmed(folder)
    self.endings = endings
    leftOut = Set(leavingOut.map(Self.trimmed))
  }

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  func list(visit: (ListedInput) throws -> Void) async throws {
    // The folder itself may be a link; what is in it is read through it.
    guard try SystemFile.isFolder(folder) else {
      throw RollupsError(.system, "the source folder \(folder) does not exist, or is no folder")
    }
    var waiting = [""]
    while let below = waiting.popLast() {
      try Task.checkCancellation()
      let path = below.isEmpty ? folder : "\(folder)/\(below)"
      guard !leftOut.contains(path), let names = try SystemFile.names(in: path) else { continue }
      var folders: [String] = []
      for name in names {
        let child = below.isEmpty ? name : "\(below)/\(name)"
        guard let found = try Stamp.of("\(folder)/\(child)") else { continue }
        if found.isFolder {
          folders.append(child)
        } else if found.isFile, endings.contains(where: { name.hasSuffix($0) }) {
          try visit(ListedInput(path: child, stamp: found.stamp))
        }
      }
      waiting += folders.reversed()
    }
  }

  func open(_ input: ListedInput, _ index: Int, in parts: PartFolder) async throws -> RangeInput {
    RangeInput(
      path: input.path, index: index, span: input.span(index), packing: Packing(name: input.path), stamp: input.stamp,
      file: "\(folder)/\(input.path)")
  }

  func isCurrent(_ input: ListedInput) throws -> Bool { try Stamp.of("\(folder)/\(input.path)")?.stamp == input.stamp }

  func close(_ range: RangeInput) throws {}
}
