import Foundation
import Synchronization
import Testing

/// Plugins in C, compiled when a test first asks for them and removed when the tests end.
enum BuiltPlugin {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// A folder that only this process uses.
  static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "carillon-host-tests-\(getpid())")
    try? FileManager.default.removeItem(at: folder)  // there is one only if a dead process had our id
    guard mkdir(folder.path, 0o700) == 0 else { fatalError("cannot make \(folder.path)") }
    atexit { try? FileManager.default.removeItem(at: BuiltPlugin.folder) }
    return folder
  }()

  private static let built = Mutex<[String: String]>([:])

  /// `Plugins/probe.c`, compiled with these definitions.
  static func probe(_ definitions: String...) throws -> String {
    try compile(root.appending(path: "Tests/CarillonHostTests/Plugins/probe.c"), definitions)
  }

  static func hello() throws -> String { try compile(root.appending(path: "examples/hello-c/hello.c"), []) }

  static func misbehaving() throws -> String {
    try compile(root.appending(path: "examples/misbehaving/misbehaving.c"), [], with: ["faults.c"])
  }

  /// A private copy that a test may spoil.
  static func copy(of plugin: String, in folder: URL) throws -> String {
    let copy = folder.appending(path: "plugin.so")
    try FileManager.default.copyItem(atPath: plugin, toPath: copy.path)
    chmod(copy.path, 0o600)
    return copy.path
  }

  /// A new folder in `folder`.
  static func emptyFolder() throws -> URL {
    let new = folder.appending(path: UUID().uuidString)
    try #require(mkdir(new.path, 0o700) == 0)
    return new
  }

  private static func compile(_ source: URL, _ definitions: [String], with others: [String] = []) throws -> String {
    try built.withLock { built in
      let name = ([source.lastPathComponent] + definitions).joined(separator: " ")
      if let path = built[name] { return path }
      let path = folder.appending(path: "plugin-\(built.count).so").path
      let sources = [source] + others.map { source.deletingLastPathComponent().appending(path: $0) }
      let (status, output) = try shell(
        ["cc", "-std=gnu11", "-g", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-unused-function", "-Werror"]
          + ["-shared", "-fPIC", "-pthread", "-I", root.appending(path: "Sources/CCarillonPlugin/include").path]
          + definitions + sources.map(\.path) + ["-o", path])
      try #require(status == 0, "\(output)")
      built[name] = path
      return path
    }
  }

  /// Runs a program to its end.
  static func shell(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = try HostProcess(command: ["/usr/bin/env"] + command)
    let output = try process.printed()
    return (try process.ended(), output)
  }
}
