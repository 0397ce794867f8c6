import CarillonPlugin

/// One command from its start to the judgement on it: what it prints goes into the log as it comes.
struct CommandRun {
  let config: CommandConfig
  let loop: ProcessLoop
  let log: Log

  /// Throws `CommandError` when it could not be started. Task cancellation stops it, and is waited for.
  func outcome(of launch: Launch) async throws(CommandError) -> Outcome {
    let process = loop.start(launch)
    let result: Result<Judgement, CommandError> = await withTaskCancellationHandler {
      await follow(process)
    } onCancel: {
      process.stop()
    }
    return try result.get().outcome
  }

  private func follow(_ process: RunningProcess) async -> Result<Judgement, CommandError> {
    var output = OutputStream(limit: config.output == .text ? config.logLimit : 0, tail: config.tail)
    var errors = OutputStream(limit: config.logLimit, tail: config.tail)
    var document: [UInt8]? = config.output == .json ? [] : nil
    while let event = await process.next() {
      switch event {
      case .printed(.output, let bytes):
        for line in output.take(bytes) { log.info(line) }
        document?.append(contentsOf: bytes)
        if document?.count ?? 0 > Judgement.maxDocumentBytes { document = nil }
      case .printed(.errors, let bytes):
        for line in errors.take(bytes) { log.warning(line) }
      case .notStarted(let error):
        return .failure(error)
      case .ended(let end):
        if let line = output.finish() { log.info(line) }
        if let line = errors.finish() { log.warning(line) }
        note(end, output, errors)
        return .success(Judgement(config: config, end: end, output: output, errors: errors, document: document))
      }
    }
    return .failure(CommandError(.system, "the command was given up"))
  }

  private func note(_ end: ProcessEnd, _ output: OutputStream, _ errors: OutputStream) {
    if config.output == .text, output.dropped > 0 { log.warning("\(output.dropped) more bytes of stdout are not in the log") }
    if errors.dropped > 0 { log.warning("\(errors.dropped) more bytes of stderr are not in the log") }
    if end.endedOthers { log.warning("it left processes behind; they were ended (`background: leave` lets them be)") }
  }
}
