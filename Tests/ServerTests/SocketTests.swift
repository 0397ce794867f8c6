import ControlAPI
import Foundation
import Logging
@testable import Server
import ServiceLifecycle
import Synchronization
import Testing

/// Connects and hangs up as fast as it can, on a thread of its own.
private final class Knocker: Sendable {
  private let isOver = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  init(at path: String) {
    Thread.detachNewThread { [self] in
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      while !isOver.load(ordering: .relaxed) {
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let isIn = withUnsafePointer(to: &address) { address in
          address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
          }
        }
        close(socket)
        if !isIn { usleep(100) }
      }
      ended.signal()
    }
  }

  func stop() {
    isOver.store(true, ordering: .relaxed)
    ended.wait()
  }
}

@Suite struct SocketTests {
  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "cs-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  private func status(_ path: String) -> stat {
    var status = stat()
    lstat(path, &status)
    return status
  }

  @Test func theSocketIsForItsGroupFromTheFirstMoment() throws {
    let folder = try folder()
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch { print(error) } }
    let file = SocketFile(path: "\(folder)/s", group: 12_345)
    let (descriptor, identity) = try file.bind()
    defer { close(descriptor) }
    #expect(status(file.path).st_mode & 0o7777 == 0o660)
    #expect(status(file.path).st_gid == 12_345)
    // Nobody can connect before it listens.
    #expect(throws: Never.self) { try SocketFile(path: file.path, group: nil).bind().descriptor }
    // That was another socket in its place: it is not ours to remove.
    file.remove(identity)
    #expect(access(file.path, F_OK) == 0)
  }

  @Test func aPathThatIsTooLongIsNamed() throws {
    let path = "/tmp/" + String(repeating: "x", count: 103)
    let error = #expect(throws: ControlError.self) { try SocketFile(path: path, group: nil).bind() }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains("107") == true)
    #expect(error?.message.contains(path) == true)
    let folder = try folder()
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch { print(error) } }
    let longest = folder + "/" + String(repeating: "y", count: SocketFile.maxPathBytes - folder.utf8.count - 1)
    let (descriptor, _) = try SocketFile(path: longest, group: nil).bind()
    close(descriptor)
  }

  @Test func anotherKindOfFileIsLeftAlone() throws {
    let folder = try folder()
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch { print(error) } }
    try "mine".write(toFile: "\(folder)/s", atomically: true, encoding: .utf8)
    let error = #expect(throws: ControlError.self) { try SocketFile(path: "\(folder)/s", group: nil).bind() }
    #expect(error?.code == .invalid)
    #expect(try String(contentsOfFile: "\(folder)/s", encoding: .utf8) == "mine")
    let nowhere = #expect(throws: ControlError.self) { try SocketFile(path: "\(folder)/no/s", group: nil).bind() }
    #expect(nowhere?.code == .storage)
  }

  @Test func aSecondServerRefusesWhereOneAnswersAndTakesAStaleSocket() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      try await eventually("an answer") {
        let client = Client(socket: daemon.socket)
        return access(daemon.socket, F_OK) == 0 ? try await client.get("/healthz").status == 200 : false
      }
      let error = #expect(throws: ControlError.self) { try daemon.server() }
      #expect(error?.code == .conflict)
      #expect(error?.message.contains("another process answers") == true)
      #expect(try await Client(socket: daemon.socket).get("/healthz").status == 200)
    }
    let folder = try folder()
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch { print(error) } }
    close(try SocketFile(path: "\(folder)/s", group: nil).bind().descriptor)
    #expect(access("\(folder)/s", F_OK) == 0)
    close(try SocketFile(path: "\(folder)/s", group: nil).bind().descriptor)
  }

  @Test func theSocketGoesWithItsServer() async throws {
    let path = Mutex("")
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      _ = try await Client(socket: daemon.socket).get("/healthz")
      path.withLock { $0 = daemon.socket }
      #expect(access(daemon.socket, F_OK) == 0)
    }
    #expect(access(path.withLock { $0 }, F_OK) != 0)
  }

  /// NIO's sequence of accepted channels ends the process over those that come while it ends (swift-nio#2637).
  @Test func connectionsThatComeAtTheEndAreSeenToTheirs() async throws {
    try await TestDaemon.with(serves: false) { daemon in
      let knockers = [Knocker(at: daemon.socket), Knocker(at: daemon.socket)]
      defer { for knocker in knockers { knocker.stop() } }
      for round in 0..<200 {
        let services = ServiceGroup(services: [try daemon.server()], logger: Logger(label: "test"))
        async let ended: Void = services.run()
        try await Task.sleep(for: .microseconds(round * 20))
        await services.triggerGracefulShutdown()
        try await ended
      }
    }
  }

  private static let nobody = ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534"]

  @Test(.enabled(if: geteuid() == 0, "only root can ask as somebody else")) func strangersAreRefused() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      _ = try await Client(socket: daemon.socket).get("/healthz")
      chmod(daemon.folder, 0o755)
      let stranger = Self.nobody + ["--clear-groups"]
      // The mode keeps them out …
      let (code, _, _) = try await execute(
        stranger[0],
        stranger.dropFirst() + ["/usr/bin/curl", "-s", "--unix-socket", daemon.socket, "http://localhost/v1/status"])
      #expect(code == 7)
      // … and where somebody has opened it, their user does.
      chmod(daemon.socket, 0o666)
      let refused = try await Client(socket: daemon.socket, prefix: stranger).get("/v1/status")
      #expect(refused.status == 403)
      #expect(try refused.problem() == "forbidden")
      #expect(refused.string("detail")?.contains("65534") == true)
      #expect(try await Client(socket: daemon.socket, prefix: stranger).post("/v1/drain").status == 403)
      #expect(!daemon.drained.withLock { $0 })
      // A member of the socket's group may, by a supplementary group too.
      let member = Self.nobody + ["--groups", "\(getegid())"]
      #expect(try await Client(socket: daemon.socket, prefix: member).get("/v1/status").status == 200)
      chmod(daemon.socket, 0o660)
      #expect(try await Client(socket: daemon.socket, prefix: member).get("/v1/status").status == 200)
    }
  }
}
