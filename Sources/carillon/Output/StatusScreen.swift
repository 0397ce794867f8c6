import ControlAPI
import Foundation
import JobFiles
import JobModel

/// The screen of `carillon status`.
struct StatusScreen {
  var status: StatusDocument
  /// One for each job.
  var upcoming: [UpcomingDocument]
  var paused: [PauseDocument] = []
  var console: Console
  var now = Timestamp.systemNow()

  var lines: [String] {
    problems + head + pauses + runs + due + [storeLine]
  }

  private var problems: [String] {
    status.problems.map { console.colored("problem", .red) + "    " + Words.printable($0) }
  }

  private var head: [String] {
    let color: Console.Color = status.state == "ready" ? .green : status.state == "degraded" ? .red : .yellow
    let up = Timestamp(iso8601: status.startedAt).map { ", up \(Words.duration(now - $0))" } ?? ""
    let paused = status.pausedJobs == 0 ? "" : console.colored(", \(Words.count(status.pausedJobs)) paused", .yellow)
    return [
      "daemon     \(console.colored(status.state, color)), carillon \(Words.printable(status.version)), pid \(status.pid)\(up)",
      "jobs       \(Words.count(status.jobs))\(paused), \(Words.count(status.schedules, "schedule")), from "
        + Words.printable(status.jobsFolder),
    ]
  }

  private var runs: [String] {
    var lines: [String] = []
    let waiting = status.queuedRuns == 0 ? "" : ", \(Words.count(status.queuedRuns)) waiting"
    let idle = status.workers.count(where: \.isIdle)
    let workers =
      status.workers.isEmpty ? "" : "; \(Words.count(status.workers.count, "worker"))" + (idle > 0 ? ", \(idle) idle" : "")
    lines.append(
      "runs       " + (status.activeRuns.isEmpty ? "none under way" : "\(Words.count(status.activeRuns.count)) under way")
        + waiting + workers)
    for run in status.activeRuns { lines.append("           " + RunLine(progress: run).text) }
    return lines
  }

  private var due: [String] {
    guard !upcoming.isEmpty else { return ["next due   nothing"] }
    let width = upcoming.map(\.job.count).max() ?? 0
    return upcoming.enumerated().map { index, next in
      let relative = Timestamp(iso8601: next.dueAt).map { Words.relative($0, to: now) } ?? ""
      let name = next.job.padding(toLength: width, withPad: " ", startingAt: 0)
      return (index == 0 ? "next due   " : "           ")
        + "\(name)  \(LocalText.shortened(next.localTime))  \(relative)"
        + (paused.contains { $0.job == next.job } ? ", but paused" : "")
    }
  }

  private var pauses: [String] {
    paused.map { pause in
      let note = pause.note.isEmpty ? "" : ": \(Words.printable(pause.note))"
      let since = Timestamp(iso8601: pause.since).map { Words.relative($0, to: now) } ?? pause.since
      return console.colored("paused", .yellow) + "     \(pause.job), \(since)\(note)"
    }
  }

  private var storeLine: String {
    let store = status.store
    return "store      \(SizeText.format(Int64(store.bytes))) in \(Words.printable(status.stateFolder)), WAL "
      + "\(SizeText.format(Int64(store.walBytes))), \(Words.count(store.commits, "commit"))"
      + (store.commits > 0 ? ", p50 \(Self.milliseconds(store.commitP50Ms)), p99 \(Self.milliseconds(store.commitP99Ms))" : "")
  }

  private static func milliseconds(_ value: Double) -> String {
    value < 10 ? String(format: "%.1f ms", value) : "\(Words.count(Int(value.rounded()))) ms"
  }
}
