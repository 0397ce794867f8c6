import Foundation
import JobModel
import WorkerPool

/// What the build made beside the tests, and builds of `Plugins/probe.c` in a folder that goes with the value.
final class Probe {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// `carillon-host` of this very build: beside the test program, or beside the bundle that the toolchain's helper loads.
  static let host: String = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    let bundles = CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    let named = ProcessInfo.processInfo.environment["CARILLON_PRODUCTS"].map { [$0] } ?? []
    for folder in named + [own] + bundles + ["\(root)/.build/debug"] where access("\(folder)/carillon-host", X_OK) == 0 {
      return "\(folder)/carillon-host"
    }
    preconditionFailure("carillon-host is not built: run swift build first")
  }()

  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "carillon-probe-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder)") }
  }

  /// Builds the plugin with these macros defined; returns its path.
  func build(_ macros: String..., name: String = "probe.so") throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/cc")
    process.arguments =
      ["-std=gnu11", "-O1", "-shared", "-fPIC", "-pthread", "-I", "\(Self.root)/Sources/CCarillonPlugin/include"]
      + macros.map { "-D\($0)" } + ["\(Self.root)/Tests/WorkerPoolTests/Plugins/probe.c", "-o", "\(folder)/\(name)"]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw WorkerPoolError(.notFound, "cc failed") }
    chmod("\(folder)/\(name)", 0o644)
    return "\(folder)/\(name)"
  }

  static func pool(idleLimit: Int = 16) -> WorkerPool {
    WorkerPool(hostPath: host, time: SystemTimeSource(), idleLimit: idleLimit)
  }

  /// - Parameter config: the instance's; two letters pass `check`.
  static func spec(_ path: String, config: String = "{}") throws -> WorkerSpec {
    guard let file = FileIdentity(path: path) else { throw WorkerPoolError(.notFound, "\(path) is not there") }
    return WorkerSpec(pluginPath: path, pluginFile: file, job: "job", config: Array(config.utf8), limits: WorkerLimits())
  }

  /// Whether a process of that number lives, a zombie being dead.
  static func isAlive(_ pid: Int32) -> Bool {
    guard let stat = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
    let fields = String(decoding: stat, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
    return fields?.first != "Z"
  }

  /// Looks until something is so, or `limit` has passed; whether it came to be.
  static func waits(_ limit: Duration = .seconds(20), until isSo: () throws -> Bool) async rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while try !isSo() {
      guard ContinuousClock.now < deadline else { return false }
      do { try await Task.sleep(for: .milliseconds(2)) } catch { return false }
    }
    return true
  }
}

/// Keeps what a worker said, for a test to look at.
final class Recorder: Sendable {
  private let kept = Kept()

  private final class Kept: @unchecked Sendable {  // every access holds the lock
    let lock = NSLock()
    var events: [WorkerEvent] = []
  }

  var listener: WorkerProcess.Delivery {
    { [kept] event in kept.lock.withLock { kept.events.append(event) } }
  }

  var events: [WorkerEvent] { kept.lock.withLock { kept.events } }

  var end: WorkerEnd? {
    events.compactMap { if case .ended(let end) = $0 { end } else { nil } }.first
  }

  var violations: [String] {
    events.compactMap { if case .violation(let what) = $0 { what } else { nil } }
  }
}
