import Foundation
import Testing

/// What the build made beside the tests: the host program and the C plugins, built on first use.
enum Installation {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The folder of the products of this very build.
  static let products: String = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    for folder in [ProcessInfo.processInfo.environment["CARILLON_PRODUCTS"], own, "\(root)/.build/debug"] {
      if let folder, access("\(folder)/carillon-host", X_OK) == 0 { return folder }
    }
    // The test bundle is loaded by a helper of the toolchain: the bundle's own folder is among the arguments.
    for argument in CommandLine.arguments {
      let folder = URL(fileURLWithPath: argument).deletingLastPathComponent().path
      if access("\(folder)/carillon-host", X_OK) == 0 { return folder }
    }
    preconditionFailure("carillon-host is not built: run swift build first")
  }()

  static let host = "\(products)/carillon-host"

  /// A folder with the C plugins of `examples/` and of these tests.
  static let plugins: String = {
    let folder = NSTemporaryDirectory() + "carillon-plugins-\(getpid())"
    run("\(root)/examples/build.sh", [folder])
    run(
      "/usr/bin/cc",
      [
        "-std=gnu11", "-O1", "-shared", "-fPIC", "-I", "\(root)/Sources/CCarillonPlugin/include",
        "\(root)/Tests/EngineTests/Plugins/scripted.c", "-o", "\(folder)/scripted.so",
      ])
    chmod("\(folder)/scripted.so", 0o644)
    return folder
  }()

  private static func run(_ program: String, _ arguments: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    do { try process.run() } catch { preconditionFailure("\(program): \(error)") }
    process.waitUntilExit()
    precondition(process.terminationStatus == 0, "\(program) failed")
  }
}
