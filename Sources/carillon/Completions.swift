import ArgumentParser
import ControlAPI
import JobFiles
import JobModel

extension CompletionKind {
  /// Names of jobs, from the job files.
  static var jobs: CompletionKind {
    .custom { arguments, _, prefix in
      let installation = Installation(named(in: arguments))
      do throws(JobFileError) {
        return try JobFolder.load(installation.jobsFolder).jobs.map(\.definition.name).filter { $0.hasPrefix(prefix) }
      } catch {
        return []  // a shell that completes has nobody to tell
      }
    }
  }

  /// The newest runs, by id, and `last`.
  static var runs: CompletionKind {
    .custom { arguments, _, prefix in
      do {
        let runs = try await Installation(named(in: arguments)).control().runs(RunsRequest()).runs
        return (["last"] + runs.map(\.id)).filter { $0.hasPrefix(prefix) }
      } catch {
        return ["last"]
      }
    }
  }

  /// The folders that the half-written command line names.
  private static func named(in arguments: [String]) -> GlobalOptions {
    func value(_ options: String...) -> String? {
      arguments.indices.dropLast().last { options.contains(arguments[$0]) }.map { arguments[$0 + 1] }
    }
    var options = (try? GlobalOptions.parse([])) ?? GlobalOptions()  // nothing in it can fail
    options.stateFolder = value("--state-dir")
    options.jobsFolder = value("--jobs-dir", "--jobs")
    options.socket = value("--socket")
    return options
  }
}
