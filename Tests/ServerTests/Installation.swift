import Foundation
import Testing

/// What the build made beside the tests: the host program, the C plugins (built on first use), and the Python tools that judge
/// answers from outside.
enum Installation {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  static let host: String = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let named = ProcessInfo.processInfo.environment["CARILLON_PRODUCTS"].map { [$0] } ?? []
    for folder in named + [own] + arguments + ["\(root)/.build/debug"]
    where access("\(folder)/carillon-host", X_OK) == 0 { return "\(folder)/carillon-host" }
    preconditionFailure("carillon-host is not built: run swift build first")
  }()

  static let plugins: String = {
    let folder = NSTemporaryDirectory() + "carillon-server-plugins-\(getpid())"
    Self.run("\(root)/examples/build.sh", [folder])
    Self.run(
      "/usr/bin/cc",
      [
        "-std=gnu11", "-O1", "-shared", "-fPIC", "-I", "\(root)/Sources/CCarillonPlugin/include",
        "\(root)/Tests/EngineTests/Plugins/scripted.c", "-o", "\(folder)/scripted.so",
      ])
    chmod("\(folder)/scripted.so", 0o644)
    return folder
  }()

  /// Python with the packages of `Tests/ServerTests/Oracle/requirements.txt`; `make server-oracle` makes it.
  static func python() throws -> String {
    let path = "\(root)/.bench/venv-server/bin/python"
    try #require(access(path, X_OK) == 0, "\(path) is not there: run \"make server-oracle\", which needs PyPI")
    return path
  }

  private static func run(_ program: String, _ arguments: [String]) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    do { try process.run() } catch { preconditionFailure("\(program): \(error)") }
    process.waitUntilExit()
    precondition(process.terminationStatus == 0, "\(program) failed")
  }
}

/// Runs a program to its end.
func execute(
  _ program: String, _ arguments: [String], input: String? = nil
) async throws -> (status: Int32, output: Data, errors: String) {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  let folder = NSTemporaryDirectory()
  let files = (0..<3).map { "\(folder)/carillon-server-\(UUID().uuidString)-\($0)" }
  try Data((input ?? "").utf8).write(to: URL(fileURLWithPath: files[0]))
  for file in files[1...] { try Data().write(to: URL(fileURLWithPath: file)) }
  defer { for file in files { unlink(file) } }
  process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: files[0]))
  process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: files[1]))
  process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: files[2]))
  let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
  process.terminationHandler = { _ in continuation.finish() }
  try process.run()
  for await _ in ended {}
  if process.isRunning {  // the test is given up
    process.terminate()
    process.waitUntilExit()
  }
  return (
    process.terminationStatus, try Data(contentsOf: URL(fileURLWithPath: files[1])),
    try String(contentsOfFile: files[2], encoding: .utf8)
  )
}

/// Polls until `condition` holds; fails the test after a generous deadline.
func eventually(_ what: String = "it", _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(30)
  while try await !condition() {
    try #require(ContinuousClock.now < deadline, "\(what) did not happen within 30 s")
    try await Task.sleep(for: .milliseconds(10))
  }
}
