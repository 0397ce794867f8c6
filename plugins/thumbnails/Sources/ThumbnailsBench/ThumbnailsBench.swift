import Glibc
import Thumbnails

/// Makes the thumbnails of a folder in worker processes, as the daemon's pool does, and prints how long it took as JSON:
/// `thumbnails-bench SOURCE DESTINATION [PROCESSES]`.
///
/// Each worker names the same items and takes the numbers of those it does from a pipe that the parent has filled. The
/// real pool replaces this program; what is timed stays `ThumbnailMaker`.
@main
struct ThumbnailsBench {
  /// Items that a worker has under way at once, as the manifest says.
  static let inFlight = 2

  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
      print("usage: thumbnails-bench SOURCE DESTINATION [PROCESSES]")
      exit(64)
    }
    var config = ThumbnailsConfig(source: .init(folder: arguments[1]))
    config.destination = .init(folder: arguments[2])
    config.force = true
    config.exclude = [".*"]
    let source = try FolderSource(arguments[1])
    var items: [ImageItem] = []
    try await Discovery(config: config, source: source).run(
      after: nil, emit: { items.append($0) }, checkpoint: { _ in })
    if arguments.last == "worker" {
      let maker = try ThumbnailMaker(
        config: config, source: source, destination: FolderDestination(arguments[2]))
      await work(maker, items)
    } else {
      let processes = arguments.count > 3 ? Int(arguments[3]) ?? 2 : 2
      setenv("MALLOC_MMAP_THRESHOLD_", "\(16 << 20)", 1)  // what carillon-host sets for itself
      let clock = ContinuousClock()
      let start = clock.now
      let usage = WorkerProcesses.run(
        processes, arguments: [arguments[1], arguments[2], "worker"], numbers: items.count)
      let seconds = (clock.now - start) / .seconds(1)
      print(
        #"{"images":\#(items.count),"seconds":\#(seconds),"cpu_seconds":\#(usage.processorSeconds),"#
          + #""worker_rss_mib":\#(usage.peakKiB / 1024)}"#)
    }
  }

  static func work(_ maker: ThumbnailMaker, _ items: [ImageItem]) async {
    await withTaskGroup { group in
      for _ in 0..<inFlight {
        group.addTask {
          while let number = WorkerProcesses.nextNumber() {
            let path = items[number].file.path
            do {
              if case .skipped(let reason) = try await maker.make(items[number]) {
                WorkerProcesses.complain("\(path): \(reason)")
              }
            } catch {
              WorkerProcesses.complain("\(path): \(error)")
            }
          }
        }
      }
    }
  }
}
