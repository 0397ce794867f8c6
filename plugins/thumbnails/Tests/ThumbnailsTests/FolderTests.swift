import Foundation
import Testing

@testable import Thumbnails

@Suite struct FolderTests {
  private func paths(_ source: FolderSource, after: String? = nil) async throws -> [String] {
    var paths: [String] = []
    try await source.list(after: after) { _, files in paths += files.map { $0.isSpecial ? "@" + $0.path : $0.path } }
    return paths
  }

  @Test func walksFolderByFolderInTheOrderOfBytes() async throws {
    let folder = try ScratchFolder()
    for name in ["b.jpg", "a.jpg", "z/1.jpg", "z/y/2.jpg", "m/3.jpg", "m-/4.jpg", "Z.jpg", ".carillon-tmp-1-1"] {
      try folder.write(name, [1])
    }
    let source = try FolderSource(folder.path)
    #expect(try await paths(source) == ["Z.jpg", "a.jpg", "b.jpg", "m/3.jpg", "m-/4.jpg", "z/1.jpg", "z/y/2.jpg"])
    #expect(try await paths(source, after: "") == ["m/3.jpg", "m-/4.jpg", "z/1.jpg", "z/y/2.jpg"])
    #expect(try await paths(source, after: "m-") == ["z/1.jpg", "z/y/2.jpg"])
    #expect(try await paths(source, after: "z") == ["z/y/2.jpg"])
    #expect(try await paths(try FolderSource(folder.path, leavingOut: [folder.path + "/z/"])).count == 5)
  }

  @Test func followsNoLinks() async throws {
    let outside = try ScratchFolder()
    try outside.write("secret.jpg", [1])
    let folder = try ScratchFolder()
    try folder.write("real.jpg", [1])
    for (name, target) in [("file.jpg", outside.path + "/secret.jpg"), ("tree", outside.path), ("loop", folder.path)] {
      try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(name)", withDestinationPath: target)
    }
    let source = try FolderSource(folder.path)
    #expect(try await paths(source) == ["@file.jpg", "@loop", "real.jpg", "@tree"])
    let link = SourceFile(path: "file.jpg", size: 1, modifiedUs: 0)
    await #expect(throws: ThumbnailsError.self) { try await source.read(link) }
  }

  @Test func noticesAFileThatChanges() async throws {
    let folder = try ScratchFolder()
    try folder.write("a", [1, 2, 3])
    let source = try FolderSource(folder.path)
    var listed: [SourceFile] = []
    try await source.list(after: nil) { _, files in listed += files }
    #expect(try await source.read(listed[0]) == [1, 2, 3])
    try folder.write("a", [1, 2, 3, 4])
    await #expect { try await source.read(listed[0]) } throws: { ($0 as? ThumbnailsError)?.code == .sourceChanged }
  }

  @Test func aMissingFolderSaysSo() {
    #expect(throws: ThumbnailsError.self) { try FolderSource("/nowhere/at/all") }
  }

  @Test func linksAndFoldersAreNobodysOutput() async throws {
    let folder = try ScratchFolder()
    try folder.write("folder.jpg/x", [1])
    try folder.write("plain.jpg", [0xFF, 0xD8])
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/link.jpg", withDestinationPath: "nowhere")
    let destination = FolderDestination(folder.path)
    for name in ["folder.jpg", "plain.jpg", "link.jpg"] { #expect(try await destination.look(at: name).state == .foreign) }
    #expect(try await destination.look(at: "deeper/none.jpg").state == .absent)
  }

  @Test func writesWholeFilesAndLeavesNothingElse() async throws {
    let folder = try ScratchFolder()
    let destination = FolderDestination(folder.path + "/made/here")
    try await destination.write(outputs([("a/1", [1]), ("a/2", [2, 2]), ("b", [])]))
    try await destination.write(outputs([("a/1", [3])]))
    #expect(folder.files == ["made/here/a/1", "made/here/a/2", "made/here/b"])
    #expect(try folder.read("made/here/a/1") == [3])
    // A folder stands where a file should: nothing is left behind.
    await #expect(throws: ThumbnailsError.self) { try await destination.write(outputs([("c", [1]), ("a", [1])])) }
    #expect(folder.files.allSatisfy { !$0.contains(FolderDestination.temporaryPrefix) })
  }

  private func outputs(_ all: [(String, [UInt8])]) -> [Output] {
    all.map { Output(key: $0.0, bytes: $0.1, over: OutputPlace(.absent)) }
  }
}
