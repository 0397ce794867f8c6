import ControlAPI

/// A run under way, in a line: `20261123T115331-ypjpaq of thumbnails: running, 120 of 400 done, 3 failed, 40/s`.
struct RunLine {
  var progress: RunProgressDocument

  var text: String {
    let counts = progress.counts
    let total = progress.isDiscovered ? Words.count(counts.total) : "\(Words.count(counts.total)) found so far"
    var words = ["\(Words.count(counts.ended)) of \(total) done"]
    if counts.failed > 0 { words.append("\(Words.count(counts.failed)) failed") }
    if counts.retrying > 0 { words.append("\(Words.count(counts.retrying)) retrying") }
    if progress.elapsedS > 1, progress.endedHere > 0 {
      let rate = Double(progress.endedHere) / progress.elapsedS
      words.append(rate < 10 ? "\((rate * 10).rounded() / 10)/s" : "\(Words.count(Int(rate)))/s")
    }
    if let reason = progress.waitsFor { words.append("waits: \(Words.printable(reason))") }
    return "\(progress.run) of \(progress.job): \(progress.state), " + words.joined(separator: ", ")
  }
}
