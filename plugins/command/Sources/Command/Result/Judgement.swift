import CarillonPlugin

/// What becomes of an item whose command has ended.
struct Judgement {
  let config: CommandConfig
  let end: ProcessEnd
  let output: OutputStream
  let errors: OutputStream

  /// Standard output as a whole; nil when it is not to be JSON, or was more than an output can hold.
  let document: [UInt8]?

  /// The most that an item's output can hold, in the contract's count.
  static let maxDocumentBytes = 64 * 1024

  var outcome: Outcome {
    let report = CommandReport(end, output: output, errors: errors)
    // The engine asked for it, and knows what that means for the item.
    if end.stop == .cancelled { return Outcome.retry("cancelled: \(words)").withOutput(report) }
    switch config.outcomes.meaning(of: end) {
    case .succeeded: return success(report)
    case .skipped: return Outcome.skipped(reason).withOutput(report)
    case .retry: return Outcome.retry(reason).withOutput(report)
    case .failed: return Outcome.failed(reason).withOutput(report)
    }
  }

  private func success(_ report: CommandReport) -> Outcome {
    guard config.output == .json else { return .succeeded(output: report) }
    guard let document else {
      return Outcome.failed("printed \(output.bytes) bytes; at most \(Self.maxDocumentBytes) of JSON can be kept").withOutput(
        report)
    }
    guard let value = ItemValue.parse(document), case .object = value else {
      return Outcome.failed("printed no JSON object on standard output, as `output: json` promises").withOutput(report)
    }
    return .succeeded(output: value)
  }

  /// How it ended, and its last words.
  private var reason: String {
    let lastWords = errors.lastLine ?? (config.output == .text ? output.lastLine : nil)
    return lastWords.map { "\(words): \($0)" } ?? words
  }

  private var words: String {
    let ending =
      if let signal = end.signal { "was ended by \(SignalName.text(signal))" } else { "exited with \(end.exitCode)" }
    guard end.stop == .timeout, let timeout = config.timeout else { return ending }
    return "took longer than its timeout of \(timeout / .seconds(1)) s and \(ending)"
  }
}
