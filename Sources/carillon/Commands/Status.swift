import ArgumentParser
import ControlAPI
import ControlClient
import Engine
import Foundation
import JobFiles
import JobModel

/// How the daemon is.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how the daemon is: what is wrong first, then what it does.",
    discussion: "Ends with 0 when all is well, with 1 when there are problems, and with 75 when no daemon runs.")

  @OptionGroup var global: GlobalOptions

  private static let shownUpcoming = 5
  private static let askedUpcoming = 100

  func run() async throws {
    let installation = Installation(global)
    guard let (control, _) = try installation.daemon() else { return try await withoutDaemon(installation) }
    let status = try await control.status()
    if global.json {
      try global.console.print(json: status)
    } else {
      let screen = StatusScreen(
        status: status, upcoming: try await soonest(control), paused: try await paused(status, control), console: global.console
      )
      for line in screen.lines {
        try global.console.print(line)
      }
    }
    Foundation.exit(status.problems.isEmpty ? ExitStatus.success.rawValue : ExitStatus.completedWithFailures.rawValue)
  }

  /// The next instant of each job, of the jobs that are due soonest.
  private func soonest(_ control: RemoteControl) async throws -> [UpcomingDocument] {
    var jobs: Set<String> = []
    let next = try await control.upcoming(job: nil, limit: Self.askedUpcoming, isFirstOnly: true).filter {
      jobs.insert($0.job).inserted
    }
    return Array(next.prefix(Self.shownUpcoming))
  }

  private func paused(_ status: StatusDocument, _ control: RemoteControl) async throws -> [PauseDocument] {
    guard status.pausedJobs > 0 else { return [] }
    var request = JobsRequest()
    request.isPaused = true
    var pauses: [PauseDocument] = []
    while true {
      let page = try await control.jobs(request)
      pauses += page.jobs.compactMap(\.pause)
      guard let next = page.next else { return pauses }
      request.after = next
    }
  }

  /// Says what is there instead of a daemon, and ends with 75.
  private func withoutDaemon(_ installation: Installation) async throws {
    let control = StoreControl(installation)
    let holder = LockHolder.pid(of: "\(installation.paths.state)/lock")
    var request = RunsRequest()
    request.states = RunState.allCases.filter { !$0.isFinal }.map(\.name)
    let unfinished = try control.storeIfMade() == nil ? [] : try await control.runs(request).runs
    if !global.json {
      for run in unfinished {
        let begin = Timestamp(document: run.notBefore).map { ", not before \(Words.instant($0, now: .systemNow()))" } ?? ""
        let what =
          run.runState == .queued
          ? "waits\(begin)" : holder == nil ? "is left behind: carillon resume \(run.id)" : "is \(run.stateWords)"
        try global.console.print("run \(run.id) of \(run.job) \(what)")
      }
      if let holder { try global.console.print("the store is with pid \(holder), which is no daemon, or is just starting") }
    }
    let places = installation.sockets.map(\.path).joined(separator: " or ")
    throw CommandError(.temporary, "no daemon runs: nobody listens on \(places)")
  }
}
