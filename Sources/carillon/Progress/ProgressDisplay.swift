import ControlAPI
import Foundation
import Synchronization

/// Shows a run while it goes on: a bar at the bottom of a terminal, a line every few seconds otherwise; and with `--follow` the
/// run's log above it.
struct ProgressDisplay {
  private static let barInterval = Duration.milliseconds(100)
  private static let textInterval = Duration.seconds(5)

  let job: String
  /// How far it is now; cheap. nil: not known yet.
  let progress: @Sendable () -> RunProgressDocument?
  let console: Console
  let tail: LogTail?

  /// Shows until it is cancelled, then takes the bar away and prints what is left of the log.
  func show() async {
    let isTerminal = StandardStream.error.isTerminal
    var rate = RateMeter()
    var tick = 0
    var nextText = Self.textInterval
    while !Task.isCancelled {
      guard let progress = progress() else {
        if let tail { StandardStream.output.write(tail.take()) }
        do { try await Task.sleep(for: Self.barInterval) } catch { break }
        continue
      }
      let elapsed = Duration(documentSeconds: progress.elapsedS)
      rate.note(ended: progress.endedHere, at: elapsed)
      let line = ProgressLine(job: job, progress: progress, rate: rate, isUTF8: console.isUTF8)
      if isTerminal {
        let log = tail?.take() ?? ""
        if !log.isEmpty { clear() }
        StandardStream.output.write(log)
        StandardStream.error.write("\r" + line.bar(width: StandardStream.error.width ?? 80, tick: tick) + "\u{1b}[K")
      } else {
        if let tail { StandardStream.output.write(tail.take()) }
        if elapsed >= nextText {
          StandardStream.error.write(line.text + "\n")
          nextText = elapsed + Self.textInterval
        }
      }
      tick += 1
      do { try await Task.sleep(for: Self.barInterval) } catch { break }
    }
    if isTerminal { clear() }
    if let tail { StandardStream.output.write(tail.take()) }
  }

  /// Prints a line in the place of the bar, which is drawn anew below it.
  static func interject(_ text: String) {
    StandardStream.error.write((StandardStream.error.isTerminal ? "\r\u{1b}[K" : "") + text + "\n")
  }

  private func clear() { StandardStream.error.write("\r\u{1b}[K") }
}

/// Log lines between the engine's thread and the display: bounded, so that a flood of them costs lines and not memory.
final class LogTail: Sendable {
  private static let maxLines = 5_000
  private let waiting = Mutex<(lines: [LogDocument], dropped: Int)>(([], 0))
  private let format: LogFormat

  init(format: LogFormat) { self.format = format }

  func add(_ line: LogDocument) {
    waiting.withLock {
      if $0.lines.count < Self.maxLines { $0.lines.append(line) } else { $0.dropped += 1 }
    }
  }

  /// Everything that came since the last call, formatted, each line with its newline.
  func take() -> String {
    let (lines, dropped) = waiting.withLock { waiting in
      defer { waiting = ([], 0) }
      return waiting
    }
    var text = lines.map { format.line($0) + "\n" }.joined()
    if dropped > 0 { text += format.note("\(Words.count(dropped, "line")) not shown; \"carillon logs\" has them") + "\n" }
    return text
  }
}
