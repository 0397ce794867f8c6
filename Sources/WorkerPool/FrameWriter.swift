import CCarillonFrames
package import JobModel

/// Builds the frames that the daemon sends. Each function appends one whole frame.
package struct FrameWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func load(path: String, memoryBytes: UInt64, descriptors: UInt32, allowsNewPrivileges: Bool) {
    frame(CARILLON_FRAME_LOAD) {
      $0.integer(memoryBytes)
      $0.integer(descriptors)
      $0.integer(allowsNewPrivileges ? CARILLON_LOAD_NEW_PRIVILEGES : 0)
      $0.text(path)
    }
  }

  package mutating func check(config: [UInt8]) { frame(CARILLON_FRAME_CHECK) { $0.data(config) } }

  package mutating func create(config: [UInt8], job: String) {
    frame(CARILLON_FRAME_CREATE) {
      $0.data(config)
      $0.text(job)
    }
  }

  package mutating func run(_ run: WorkerRun) {
    frame(CARILLON_FRAME_RUN) {
      $0.integer(UInt32(run.isPlan ? 1 : 0))
      $0.integer(run.startedAt.microseconds)
      $0.integer(run.deadlineAt?.microseconds ?? 0)
      $0.integer(run.dueAt?.microseconds ?? 0)
      $0.text(run.id.text)
      $0.text(run.job)
      $0.text(run.event)
      $0.text(run.artifactFolder)
    }
  }

  package mutating func discover(window: UInt32, checkpoint: [UInt8]) {
    frame(CARILLON_FRAME_DISCOVER) {
      $0.integer(window)
      $0.data(checkpoint)
    }
  }

  /// The items `indices` of a batch. The attempt that a worker sees is one more than the attempts charged.
  package mutating func process(_ items: ReadyItems, _ indices: Range<Int>, itemTimeout: Duration?) {
    var size = 12
    for index in indices {
      size += 20 + Int(items.entries[index].key.count) + Int(items.entries[index].payload.count)
    }
    bytes.reserveCapacity(bytes.count + size + Int(CARILLON_FRAME_HEADER))
    frame(CARILLON_FRAME_PROCESS) { writer in
      writer.integer(itemTimeout?.wholeMicroseconds ?? 0)
      writer.integer(UInt32(indices.count))
      for index in indices {
        let entry = items.entries[index]
        writer.integer(entry.id.raw)
        writer.integer(UInt32(entry.attempts) + 1)
        writer.integer(UInt32(entry.key.count))
        writer.integer(UInt32(entry.payload.count))
        writer.bytes.append(contentsOf: items.bytes[entry.key.range])
        writer.bytes.append(contentsOf: items.bytes[entry.payload.range])
      }
    }
  }

  package mutating func finish(_ counts: WorkerRunCounts, startedAt: Timestamp) {
    frame(CARILLON_FRAME_FINISH) {
      $0.integer(UInt64(counts.succeeded))
      $0.integer(UInt64(counts.skipped))
      $0.integer(UInt64(counts.failed))
      $0.integer(UInt64(counts.cancelled))
      $0.integer(startedAt.microseconds)
    }
  }

  /// nil: everything in the process.
  package mutating func cancel(_ item: ItemID?) {
    frame(CARILLON_FRAME_CANCEL, id: UInt64(bitPattern: item?.raw ?? 0)) { _ in }
  }

  package mutating func ping(id: UInt64) { frame(CARILLON_FRAME_PING, id: id) { _ in } }

  package mutating func reply(to request: UInt64, _ status: WorkerReply) {
    frame(CARILLON_FRAME_REPLY, id: request) {
      switch status {
      case .value(let value):
        $0.integer(UInt32(0))
        $0.data(value)
      case .failed:
        $0.integer(UInt32(1))
        $0.data([])
      case .absent:
        $0.integer(UInt32(5))
        $0.data([])
      }
    }
  }

  package mutating func credit(_ frames: UInt32) { frame(CARILLON_FRAME_CREDIT) { $0.integer(frames) } }

  package mutating func shutdown() { frame(CARILLON_FRAME_SHUTDOWN) { _ in } }

  // MARK: Fields

  private mutating func frame(_ type: UInt32, id: UInt64 = 0, _ body: (inout FrameWriter) -> Void) {
    let start = bytes.count
    integer(CARILLON_FRAME_MAGIC)
    integer(UInt16(type))
    integer(UInt16(CARILLON_FRAME_CRITICAL))
    integer(UInt32(0))
    integer(UInt32(0))
    integer(id)
    body(&self)
    let length = UInt32(bytes.count - start) - CARILLON_FRAME_HEADER
    for index in 0..<4 { bytes[start + 8 + index] = UInt8(truncatingIfNeeded: length >> UInt32(8 * index)) }
  }

  private mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
    Swift.withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }  // the value's own bytes, copied at once
  }

  private mutating func data(_ value: [UInt8]) {
    integer(UInt32(value.count))
    bytes.append(contentsOf: value)
  }

  private mutating func text(_ value: String) {
    integer(UInt32(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }
}

/// The run that a worker is put to.
package struct WorkerRun: Sendable {
  package var id: RunID
  package var job: String
  package var event: String
  package var isPlan: Bool
  package var startedAt: Timestamp
  package var deadlineAt: Timestamp?
  /// The instant of its schedule that it stands for; nil: none.
  package var dueAt: Timestamp?
  /// Absolute; exists, and only the daemon's user may write there.
  package var artifactFolder: String

  package init(
    id: RunID, job: String, event: String, isPlan: Bool, startedAt: Timestamp, deadlineAt: Timestamp?, dueAt: Timestamp?,
    artifactFolder: String
  ) {
    self.id = id
    self.job = job
    self.event = event
    self.isPlan = isPlan
    self.startedAt = startedAt
    self.deadlineAt = deadlineAt
    self.dueAt = dueAt
    self.artifactFolder = artifactFolder
  }
}

/// What `finish` is told of a run's items.
package struct WorkerRunCounts: Sendable {
  package var succeeded: Int
  package var skipped: Int
  package var failed: Int
  package var cancelled: Int

  package init(succeeded: Int, skipped: Int, failed: Int, cancelled: Int) {
    self.succeeded = succeeded
    self.skipped = skipped
    self.failed = failed
    self.cancelled = cancelled
  }
}

/// The answer to a worker's request.
package enum WorkerReply: Sendable {
  case value([UInt8])
  case failed
  case absent
}
