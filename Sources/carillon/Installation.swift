import Engine
import Foundation
import JobFiles
import Store

/// Where this Carillon finds things: from options, the environment, and where the program itself lies.
struct Installation: Sendable {
  let paths: EnginePaths
  let jobsFolder: String
  /// The caller named the job folder.
  let namesJobsFolder: Bool
  /// Where a daemon may listen, the likeliest first.
  let sockets: [SocketPlace]
  /// The folder of the running program.
  let programFolder: String

  init(_ options: GlobalOptions, environment: [String: String] = ProcessInfo.processInfo.environment) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    programFolder = Self.programPath().map { Self.parent(of: $0) } ?? "/usr/bin"
    let home = value("HOME") ?? "/"
    let state =
      options.stateFolder ?? value("CARILLON_STATE")
      ?? (geteuid() == 0 ? "/var/lib/carillon" : (value("XDG_STATE_HOME") ?? "\(home)/.local/state") + "/carillon")
    let host = value("CARILLON_HOST") ?? Self.host(beside: programFolder)
    paths = EnginePaths(
      state: Self.absolute(state), host: Self.absolute(host),
      plugins: Self.pluginFolders(options, variable: value("CARILLON_PLUGINS"), programFolder).map(Self.absolute),
      secrets: (value("CARILLON_SECRETS") ?? value("CREDENTIALS_DIRECTORY")).map(Self.absolute))
    namesJobsFolder = options.jobsFolder != nil
    sockets = SocketPlace.places(
      option: options.socket, variable: value("CARILLON_SOCKET"), state: paths.state,
      isOwnState: options.stateFolder != nil || value("CARILLON_STATE") != nil)
    jobsFolder =
      options.jobsFolder ?? value("CARILLON_JOBS")
      ?? (FileManager.default.fileExists(atPath: "jobs") ? "jobs" : "/etc/carillon/jobs")
  }

  private static func pluginFolders(_ options: GlobalOptions, variable: String?, _ programFolder: String) -> [String] {
    if !options.pluginFolders.isEmpty { return options.pluginFolders }
    if let variable { return variable.split(separator: ":").map(String.init) }
    let isBuild = access("\(programFolder)/carillon-host", X_OK) == 0
    return (isBuild ? [programFolder] : [])
      + ["\(parent(of: programFolder))/lib/carillon/plugins", "/usr/lib/carillon/plugins"]
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func host(beside folder: String) -> String {
    let prefix = parent(of: folder)
    let places = [folder, "\(prefix)/libexec", "\(prefix)/libexec/carillon", "\(prefix)/lib/carillon"].map {
      "\($0)/carillon-host"
    }
    return places.first { access($0, X_OK) == 0 } ?? places[0]
  }

  /// The path from the working directory, without `.` and `..`.
  static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  static func parent(of path: String) -> String {
    let parts = path.split(separator: "/").dropLast()
    return "/" + parts.joined(separator: "/")
  }

  private static func programPath() -> String? {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }
}

extension Installation {
  /// The store, to be looked at. Works while another carillon runs.
  func reader() throws(CommandError) -> SQLiteStore {
    do throws(StoreError) {
      return try SQLiteStore.open(directory: paths.state, mode: .reader)
    } catch {
      throw denial() ?? CommandError(error)
    }
  }

  /// The engine, to run things. Throws `temporary` while another carillon has the state directory.
  func engine() async throws(CommandError) -> Engine {
    if let denial = denial() { throw denial }
    guard access(paths.host, X_OK) == 0 else {
      throw CommandError(
        .pluginUnavailable, "the program \(paths.host) that loads plugins is not there; name it in $CARILLON_HOST")
    }
    do throws(EngineError) {
      return try await Engine.open(paths)
    } catch {
      throw CommandError(error)
    }
  }

  /// A state directory that belongs to somebody else.
  func denial() -> CommandError? {
    guard access(paths.state, F_OK) == 0, access(paths.state, R_OK | W_OK | X_OK) != 0, errno == EACCES else { return nil }
    return CommandError(
      .notPermitted, "\(paths.state) belongs to another user; name a state directory of your own with --state-dir")
  }

  /// A job by name, or the only job of a file when `name` is a path.
  func job(_ name: String) throws(CommandError) -> JobFile {
    do throws(JobFileError) {
      guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
        return try JobFolder.load(jobsFolder).job(named: name)
      }
      let file = JobFolder.load(files: [name])
      guard access(name, F_OK) == 0 else { throw JobFileError(.unreadable, "there is no job file \(name)") }
      guard file.findings.isEmpty else {
        throw JobFileError(.invalid, "\(name) is not a valid job file", findings: file.findings)
      }
      guard file.jobs.count == 1, let job = file.jobs.first else {
        throw JobFileError(.invalid, "\(name) holds \(file.jobs.count) jobs; run one by its name, with --jobs-dir")
      }
      return job
    } catch {
      throw CommandError(error)
    }
  }
}
