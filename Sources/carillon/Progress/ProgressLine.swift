import ControlAPI
import JobModel

/// One line that says how far a run is: a bar for a terminal, or words for a log.
struct ProgressLine {
  private static let spinner = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")
  private static let asciiSpinner = Array("|/-\\")

  var job: String
  var progress: RunProgressDocument
  var rate: RateMeter
  var isUTF8 = true

  /// For a terminal: no wider than `width`, the least important words left out first. `tick` turns the spinner.
  func bar(width: Int, tick: Int) -> String {
    let counts = progress.counts
    let frames = isUTF8 ? Self.spinner : Self.asciiSpinner
    var words = tail
    let head: String
    if progress.isDiscovered, counts.total > 0 {
      let percent = counts.ended * 100 / max(1, counts.total)
      head = "\(job)  @ \(percent)%  \(Words.count(counts.ended))/\(Words.count(counts.total))"
    } else {
      head = "\(frames[tick % frames.count]) \(job)  discovering: \(Words.count(counts.total)) found"
      if counts.ended > 0 { words.insert("\(Words.count(counts.ended)) done", at: 0) }
    }
    let separator = isUTF8 ? " · " : ", "
    let barWidth = head.contains("@") ? 12 : 0
    while words.count > 1, head.count + barWidth + words.reduce(0, { $0 + $1.count + 3 }) >= width { words.removeLast() }
    let line = ([head] + words).joined(separator: separator)
    guard head.contains("@") else { return String(line.prefix(max(0, width - 1))) }
    let room = min(40, max(4, width - line.count - 2))
    return String(line.replacing("@", with: gauge(width: room), maxReplacements: 1).prefix(max(0, width - 1)))
  }

  /// For a log: `thumbnails: 120 of 400 done, 3 failed, 40/s, 7 s left`.
  var text: String {
    let counts = progress.counts
    let total = progress.isDiscovered ? Words.count(counts.total) : "\(Words.count(counts.total)) found so far"
    return (["\(job): \(Words.count(counts.ended)) of \(total) done"] + tail).joined(separator: ", ")
  }

  /// What follows the counts, the most important first.
  private var tail: [String] {
    let counts = progress.counts
    var words: [String] = []
    if counts.failed > 0 { words.append("\(Words.count(counts.failed)) failed") }
    if counts.retrying > 0 { words.append("\(Words.count(counts.retrying)) retrying") }
    if let reason = progress.waitsFor { words.append("waiting: \(Words.printable(reason))") }
    if let perSecond = rate.perSecond {
      words.append(perSecond < 10 ? "\((perSecond * 10).rounded() / 10)/s" : "\(Words.count(Int(perSecond)))/s")
    }
    if progress.isDiscovered, let rest = rate.estimate(for: counts.total - counts.ended), counts.ended < counts.total {
      words.append("\(Words.duration(rest)) left")
    }
    if progress.inFlight > 0 { words.append("\(Words.count(progress.inFlight)) in flight") }
    return words
  }

  private func gauge(width: Int) -> String {
    let counts = progress.counts
    let filled = counts.total == 0 ? 0 : counts.ended * width / counts.total
    let (full, empty) = isUTF8 ? ("█", "░") : ("#", ".")
    return String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
  }
}
