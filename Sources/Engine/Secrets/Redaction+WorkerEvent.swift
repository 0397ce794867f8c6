import JobModel
import WorkerPool

extension Redaction {
  /// What a worker said without the secrets. Items that it names are its own: a plugin that puts a secret into a key or a payload
  /// has it stored.
  func struck(_ event: WorkerEvent) -> WorkerEvent {
    switch event {
    case .outcomes(var outcomes):
      strike(&outcomes.bytes)
      return .outcomes(outcomes)
    case .log(let item, let level, let message): return .log(item: item, level: level, message: struck(message))
    case .output(let isError, let line): return .output(isError: isError, line: struck(line))
    case .event(let item, let type, let json): return .event(item: item, type: type, json: struck(json))
    case .report(let json): return .report(struck(json))
    case .violation(let what): return .violation(struck(what))
    case .discovered(let result): return .discovered(struck(result))
    case .finished(let result): return .finished(struck(result))
    default: return event
    }
  }

  func struck(_ error: WorkerPoolError) -> WorkerPoolError {
    WorkerPoolError(error.code, struck(error.message))
  }

  private func struck(_ result: CallResult) -> CallResult {
    if case .failed(let message) = result { .failed(struck(message)) } else { result }
  }
}
