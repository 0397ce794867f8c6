import CCarillonPlugin
import Synchronization

/// The host's sink of one discovery.
///
/// `@unchecked`: constant; the host's functions may be called from any thread while `discover` runs, and `ItemSink` is the
/// only user.
final class SinkGate: @unchecked Sendable {
  private let sink: carillon_sink
  let checkpoint: [UInt8]

  init(_ pointer: UnsafePointer<carillon_sink>) {
    sink = carillon_sink(reading: pointer)
    checkpoint = sink.checkpoint.array
  }

  func emit(_ chunk: borrowing ItemChunk) throws {
    let status = chunk.withItems { sink.emit?(sink.context, $0, $1, $2) ?? CARILLON_REFUSED }
    try Status.check(status, "\(chunk.count) discovered items")
  }

  func setCheckpoint(_ value: [UInt8]) throws {
    // A host without it begins a broken discovery anew: no reason to fail.
    guard let call = sink.set_checkpoint else { return }
    try Status.check(
      withBytes(value) { call(sink.context, $0) }, "the discovery's checkpoint")
  }
}

/// The host's listing of finished items, read on the main thread in pages.
///
/// `@unchecked`: the C struct is constant and touched on the main thread only, through `loop`; the page is behind a lock.
final class SummaryGate: @unchecked Sendable {
  private struct Pages {
    var page: [RunResult] = []
    var position = 0
    var isAtEnd = false
  }

  private let summary: carillon_summary
  private let host: Host
  private let loop: MainLoop
  private let pages = Mutex(Pages())

  init(_ summary: carillon_summary, host: Host, loop: MainLoop) {
    self.summary = summary
    self.host = host
    self.loop = loop
  }

  func report(_ json: [UInt8]) async throws {
    try await loop.perform { Result { try self.host.report(json) } }.get()
  }

  func next() async throws -> RunResult? {
    while true {
      try Task.checkCancellation()
      let (result, isAtEnd) = pages.withLock { pages -> (RunResult?, Bool) in
        guard pages.position < pages.page.count else { return (nil, pages.isAtEnd) }
        defer { pages.position += 1 }
        return (pages.page[pages.position], false)
      }
      if let result { return result }
      if isAtEnd { return nil }
      try await loop.perform { Result { try self.fetch() } }.get()
    }
  }

  /// Main thread.
  private func fetch() throws {
    guard let call = summary.next else {
      throw PluginError(.unsupported, "this host lists no results: it is older than the plugin")
    }
    var page: [RunResult] = []
    var isAtEnd = false
    while page.count < 256 {
      var raw = carillon_result()
      raw.struct_size = UInt32(MemoryLayout<carillon_result>.size)
      let status = call(summary.context, &raw)
      if status == CARILLON_ABSENT {
        isAtEnd = true
        break
      }
      try Status.check(status, "the run's results")
      page.append(RunResult(carillon_result(reading: &raw)))
    }
    pages.withLock { pages in
      // Two iterations at once may both find the page empty: the second adds to what the first fetched.
      pages.page.removeFirst(pages.position)
      pages.position = 0
      pages.page += page
      pages.isAtEnd = pages.isAtEnd || isAtEnd
    }
  }
}

extension RunResult {
  fileprivate init(_ raw: carillon_result) {
    self.init(
      key: raw.key.string, kind: Kind(raw.kind), attempts: Int(raw.attempts),
      duration: .microseconds(raw.duration_us), reason: raw.reason.string,
      payload: raw.payload.array, output: raw.output.array)
  }
}

extension RunResult.Kind {
  fileprivate init(_ code: UInt32) {
    switch code {
    case CARILLON_SUCCEEDED: self = .succeeded
    case CARILLON_SKIPPED: self = .skipped
    default: self = .failed
    }
  }
}
