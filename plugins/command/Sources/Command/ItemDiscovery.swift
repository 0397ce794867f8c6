import CarillonPlugin

/// Names the items of a run.
struct ItemDiscovery {
  /// Records between two checkpoints.
  static let recordsPerCheckpoint = 10_000

  let config: CommandConfig
  let loop: ProcessLoop
  let run: RunContext
  let sink: ItemSink<RawPayload>

  /// The key of the only item of a run without items.
  static let onlyKey = "run"

  func name() async throws {
    guard let source = config.items else { return try sink.emit(key: Self.onlyKey, RawPayload([])) }
    switch source.origin {
    case .list(let values):
      for (place, json) in values.enumerated() { try emit(source, Array(json.utf8), place: place + 1) }
    case .file(let path): try await read(path, source)
    case .command(let command, let shell): try await read(command, shell, source)
    }
  }

  private func emit(_ source: ItemSource, _ bytes: [UInt8], place: Int) throws {
    let item: CommandItem
    do throws(CommandError) {
      item = try CommandItem(bytes, isJSON: source.format == .ndjson)
    } catch {
      throw CommandError(.list, "line \(place) \(error.message)")
    }
    try sink.emit(key: item.key(field: source.key, place: place), RawPayload(bytes))
  }

  private func read(_ path: String, _ source: ItemSource) async throws {
    let file = try ItemFile(path)
    var splitter = RecordSplitter(format: source.format)
    // Lines are counted, not bytes: so a record is never cut in half, however the file was changed in between.
    var done = try sink.checkpoint(as: Int.self) ?? 0
    let skipped = done
    func take(_ records: [(place: Int, bytes: [UInt8])]) throws {
      for record in records where record.place > skipped {
        try emit(source, record.bytes, place: record.place)
        guard record.place - done >= Self.recordsPerCheckpoint else { continue }
        done = record.place
        try sink.setCheckpoint(done)
        run.progress(UInt64(done))
      }
    }
    while let piece = try file.next() {
      try Task.checkCancellation()
      try take(try splitter.take(piece))
    }
    try take(try splitter.finish())
  }

  private func read(_ command: CommandWords, _ shell: Shell, _ source: ItemSource) async throws {
    let variables = Environment.variables(of: run)
    let process = loop.start(try LaunchMaker.listing(command, shell, config, variables: variables))
    try await withTaskCancellationHandler {
      do {
        try await take(process, source)
      } catch {
        process.stop()
        while await process.next() != nil {}  // until it is gone: the next attempt begins another
        throw error
      }
    } onCancel: {
      process.stop()
    }
  }

  private func take(_ process: RunningProcess, _ source: ItemSource) async throws {
    var splitter = RecordSplitter(format: source.format)
    var errors = OutputStream(limit: config.logLimit, tail: config.tail)
    while let event = await process.next() {
      switch event {
      case .printed(.output, let bytes):
        for record in try splitter.take(bytes) { try emit(source, record.bytes, place: record.place) }
      case .printed(.errors, let bytes):
        for line in errors.take(bytes) { run.log.warning(line) }
      case .notStarted(let error): throw error
      case .ended(let end):
        if let line = errors.finish() { run.log.warning(line) }
        try Task.checkCancellation()
        guard end.signal == nil, end.exitCode == 0 else {
          let ending = end.signal.map { "was ended by \(SignalName.text($0))" } ?? "exited with \(end.exitCode)"
          let words = errors.lastLine.map { ": \($0)" } ?? ""
          throw CommandError(.list, "the command that lists the items \(ending)\(words)")
        }
        for record in try splitter.finish() { try emit(source, record.bytes, place: record.place) }
      }
    }
  }
}
