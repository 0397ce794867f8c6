internal import ControlAPI
internal import Dispatch
internal import Foundation
internal import ServiceLifecycle

/// Calls for a reload when a job file was written, moved or removed, or the folder replaced: inotify(7). Changes that come together are
/// one.
struct FolderWatch: Service {
  private let folder: String
  private let settling: Duration
  private let changed: @Sendable () -> Void
  private let descriptor: Int32

  /// Watches from now on: what changes before `run` is told by it. Throws `notFound` when the folder cannot be watched.
  /// - Parameter settling: changes are waited for this long: an editor writes, moves and removes within it.
  init(folder: String, settling: Duration = .milliseconds(300), changed: @escaping @Sendable () -> Void) throws(ControlError) {
    self.folder = folder
    self.settling = settling
    self.changed = changed
    descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    guard descriptor >= 0, watch() else {
      let reason = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw ControlError(.notFound, "the job folder \(folder) cannot be watched: \(reason)")
    }
  }

  /// Once more for a folder that is watched already is the same as once.
  private func watch() -> Bool {
    let mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MOVE_SELF | IN_DELETE_SELF | IN_ONLYDIR
    return inotify_add_watch(descriptor, folder, UInt32(mask)) >= 0
  }

  func run() async throws {
    let descriptor = descriptor
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: DispatchQueue(label: "carillon.watch"))
    source.setEventHandler { if Self.isAboutJobs(Self.read(descriptor)) { continuation.yield() } }
    source.setCancelHandler { close(descriptor) }
    source.resume()
    defer { source.cancel() }
    do {
      try await cancelWhenGracefulShutdown {
        for await _ in stream {
          try await Task.sleep(for: settling)
          // Another folder may be there now, or none for a while.
          var isThere = watch()
          changed()
          while !isThere {
            try await Task.sleep(for: .seconds(1))
            isThere = watch()
            if isThere { changed() }
          }
        }
      }
    } catch is CancellationError {}
  }

  /// The names in what is there to read; an empty one for what was too much.
  private static func read(_ descriptor: Int32) -> [String] {
    var names: [String] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while true {
      let count = Foundation.read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return names }
      var offset = 0
      // struct inotify_event: wd, mask, cookie, len (4 bytes each), then the name, padded with zeros.
      while offset + 16 <= count {
        let length = Int(buffer[offset + 12]) | Int(buffer[offset + 13]) << 8
        let name = buffer[(offset + 16)..<min(count, offset + 16 + length)].prefix { $0 != 0 }
        names.append(String(decoding: name, as: UTF8.self))
        offset += 16 + length
      }
    }
  }

  private static func isAboutJobs(_ names: [String]) -> Bool {
    names.contains { $0.isEmpty || (!$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml"))) }
  }
}
