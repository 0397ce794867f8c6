import ArgumentParser
import ControlAPI
import Daemon
import Engine
import Foundation
import JobFiles
import JobModel
import Logging

/// Stays, and fires jobs when they are due.
struct RunDaemon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daemon", abstract: "Stay, fire jobs when they are due, and answer on a socket.",
    discussion: """
      SIGTERM or SIGINT: nothing new begins, runs under way come to a halt and go on next time; once more: at once. SIGHUP: job \
      files are taken up anew, all or none. Under systemd it says when it is ready, reloads and ends, and answers the watchdog.
      """)

  @Option(
    name: .customLong("drain-timeout"),
    help: ArgumentHelp("How long runs may take to come to a halt at the end.", valueName: "duration"))
  var drainTimeout = "30s"

  @Option(name: .customLong("max-runs"), help: ArgumentHelp("Runs under way at once.", valueName: "n"))
  var maxRuns = 16

  @Flag(help: "Take job files up anew when they change.")
  var watch = false

  @Option(
    name: .customLong("secrets-dir"),
    help: ArgumentHelp(
      "Where secrets are, a file each.", discussion: "Default: $CARILLON_SECRETS, or $CREDENTIALS_DIRECTORY.", valueName: "dir"),
    completion: .directory)
  var secretsFolder: String?

  @Option(
    name: .customLong("log-format"),
    help: ArgumentHelp(
      "text, json or journald.", discussion: "Default: journald where systemd connected standard error to it, else text.",
      valueName: "format"), completion: .list(LogForm.allCases.map(\.rawValue)))
  var logFormat: String?

  @Option(name: .customLong("keep-items"), help: ArgumentHelp("Keep succeeded items this long.", valueName: "age"))
  var keepItems = "7d"

  @Option(name: .customLong("keep-runs"), help: ArgumentHelp("Keep runs without failed items this long.", valueName: "age"))
  var keepRuns = "30d"

  @Option(
    name: .customLong("keep-failed-runs"), help: ArgumentHelp("Keep runs with failed items this long.", valueName: "age"))
  var keepFailedRuns = "180d"

  @Option(
    name: .customLong("keep-instants"), help: ArgumentHelp("Keep what became of due instants this long.", valueName: "age"))
  var keepInstants = "180d"

  @Flag(name: .customLong("no-prune"), help: "Remove nothing that is old.")
  var noPrune = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let durations = [
      ("--drain-timeout", drainTimeout), ("--keep-items", keepItems), ("--keep-runs", keepRuns),
      ("--keep-failed-runs", keepFailedRuns), ("--keep-instants", keepInstants),
    ]
    for (option, text) in durations where DurationText.parse(text) == nil {
      throw ValidationError("\(option) must be a duration as 30s or 7d, is \"\(text)\"")
    }
    guard (1...1_000).contains(maxRuns) else { throw ValidationError("--max-runs must be 1 to 1,000, is \(maxRuns)") }
    if let logFormat, LogForm(rawValue: logFormat) == nil {
      throw ValidationError("--log-format must be text, json or journald, is \"\(logFormat)\"")
    }
  }

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    let notifier = ServiceNotifier(environment: environment)
    ServiceNotifier.forgetEnvironment()
    let form = logFormat.flatMap(LogForm.init(rawValue:)) ?? .fitting(environment)
    let level: Logger.Level = global.verbose ? .debug : .info
    let logger = Logger(label: "carillon") { _ in DaemonLog(form: form, level: level) }
    do {
      try await Daemon(configuration(environment), notifier: notifier, logger: logger).run()
    } catch let error as ControlError {
      throw CommandError(Self.status(of: error), error.message)
    } catch {
      throw CommandError(error)
    }
  }

  private func configuration(_ environment: [String: String]) -> DaemonConfiguration {
    let installation = Installation(global, environment: environment)
    var paths = installation.paths
    if let secretsFolder { paths.secrets = Installation.absolute(secretsFolder) }
    let named = environment["CARILLON_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
    var configuration = DaemonConfiguration(
      paths: paths, jobsFolder: Installation.absolute(installation.jobsFolder),
      socketPath: Installation.absolute(global.socket ?? named ?? "\(paths.state)/carillon.sock"), version: Version.text)
    configuration.drainLimit = DurationText.parse(drainTimeout) ?? configuration.drainLimit
    configuration.runLimit = maxRuns
    configuration.watchesJobs = watch
    var ages = DaemonConfiguration.Ages()
    ages.succeededItems = keepItems
    ages.runs = keepRuns
    ages.failedRuns = keepFailedRuns
    ages.instants = keepInstants
    configuration.pruning = noPrune ? nil : ages
    return configuration
  }

  private static func status(of error: ControlError) -> ExitStatus {
    switch error.code {
    case .malformed, .invalid: .invalidData
    case .notFound: .notFound
    case .conflict, .unavailable, .notHere: .temporary
    case .forbidden: .notPermitted
    case .pluginUnavailable: .pluginUnavailable
    case .storage: .storage
    case .fault: .fault
    }
  }
}
