import Foundation
import Testing

/// The program as it was built, run for real.
struct Program {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The folder of the products of this very build.
  static let products: String = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    let arguments = CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let named = ProcessInfo.processInfo.environment["CARILLON_PRODUCTS"].map { [$0] } ?? []
    for folder in named + [own] + arguments + ["\(root)/.build/debug"]
    where access("\(folder)/carillon", X_OK) == 0 && access("\(folder)/carillon-host", X_OK) == 0 {
      return folder
    }
    preconditionFailure("carillon is not built: run swift build first")
  }()

  /// A folder with the C plugins of `examples/`, built once.
  static let plugins: String = {
    let folder = NSTemporaryDirectory() + "/carillon-cli-plugins-\(getpid())"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(root)/examples/build.sh")
    process.arguments = [folder]
    do { try process.run() } catch { preconditionFailure("examples/build.sh: \(error)") }
    process.waitUntilExit()
    precondition(process.terminationStatus == 0, "examples/build.sh failed")
    return folder
  }()

  static var path: String { "\(products)/carillon" }
}

/// What a run of the program left.
struct Answer {
  var status: Int32
  var output: String
  var errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }

  /// The output as JSON.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }
}

/// The program while it runs.
final class RunningProgram {
  private let process: Process
  private let output: String
  private let errors: String
  private let ended: AsyncStream<Void>

  init(_ program: String, _ arguments: [String], environment: [String: String], folder: String) throws {
    output = "\(folder)/out-\(UUID().uuidString)"
    errors = output + ".err"
    process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    for file in [output, errors] { try Data().write(to: URL(fileURLWithPath: file)) }
    let (ended, continuation) = AsyncStream.makeStream(of: Void.self)
    self.ended = ended
    process.terminationHandler = { _ in continuation.finish() }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  var pid: Int32 { process.processIdentifier }

  func errorsWritten() throws -> String { try String(contentsOfFile: errors, encoding: .utf8) }

  func written() throws -> String { try String(contentsOfFile: output, encoding: .utf8) }

  func wait() async throws -> Answer {
    for await _ in ended {}
    #expect(process.terminationReason == .exit, "ended by signal \(process.terminationStatus)")
    return Answer(
      status: process.terminationStatus, output: try written(),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }
}

/// A state directory, a job folder and a working directory that go with the test.
final class Sandbox {
  let folder: String
  var environment: [String: String]

  init() throws {
    folder = NSTemporaryDirectory() + "/carillon-cli-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: "\(folder)/jobs", withIntermediateDirectories: true)
    environment = [
      "PATH": "/usr/bin:/bin", "HOME": folder, "LANG": "C.UTF-8", "CARILLON_STATE": "\(folder)/state",
      "CARILLON_PLUGINS": Program.plugins, "CARILLON_HOST": "\(Program.products)/carillon-host",
    ]
    for name in ["LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] { environment[name] = ProcessInfo.processInfo.environment[name] }
    try job("hello", "plugin: hello\nsummary: Greets some guests\nconfig: {count: 5}\n")
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("\(folder) is left behind: \(error)") }
  }

  func job(_ name: String, _ rest: String) throws { try file("jobs/\(name).yaml", "name: \(name)\n" + rest) }

  /// A job of the misbehaving plugin that fsyncs a line for every item done to `ledger`.
  func misbehaving(_ name: String, items: Int, microseconds: Int = 0, faults: String = "[]", more: String = "") throws {
    try job(
      name,
      """
      plugin: misbehaving
      workers: 1
      retry: {max_attempts: 2, base: 10ms, cap: 10ms}
      \(more)
      config: {items: \(items), work_us: \(microseconds), ledger: "\(folder)/ledger", faults: \(faults)}
      """)
  }

  func file(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
  }

  func start(_ arguments: String...) throws -> RunningProgram { try start(arguments) }

  func start(_ arguments: [String]) throws -> RunningProgram {
    try RunningProgram(Program.path, arguments, environment: environment, folder: folder)
  }

  func carillon(_ arguments: String...) async throws -> Answer { try await start(arguments).wait() }
  func carillon(_ arguments: [String]) async throws -> Answer { try await start(arguments).wait() }

  /// A line of shell in which `$C` is the program.
  func shell(_ line: String) async throws -> Answer {
    var environment = environment
    environment["C"] = Program.path
    return try await RunningProgram("/bin/sh", ["-c", line], environment: environment, folder: folder).wait()
  }

  /// Waits until so many items have been done.
  func awaitLedger(_ count: Int) async throws {
    try await eventually { [folder] in
      guard access("\(folder)/ledger", F_OK) == 0 else { return false }
      return try String(contentsOfFile: "\(folder)/ledger", encoding: .utf8).split(separator: "\n").count >= count
    }
  }

  /// Items done, by the plugin's own account.
  func ledger() throws -> [String] {
    try String(contentsOfFile: "\(folder)/ledger", encoding: .utf8).split(separator: "\n").map {
      String($0.prefix { $0 != " " })
    }
  }
}

/// Polls until `condition` holds; fails the test after a generous deadline.
func eventually(_ condition: () throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(30)
  while try !condition() {
    try #require(ContinuousClock.now < deadline, "it did not happen within 30 s")
    try await Task.sleep(for: .milliseconds(10))
  }
}
