import ArgumentParser
import JobFiles
import JobModel

/// Lists jobs.
struct JobsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "List the jobs in the job folder.")

  @OptionGroup var global: GlobalOptions

  private struct Document: Encodable {
    struct Job: Encodable { var name: String, summary: String, plugin: String, file: String, line: Int }

    var folder: String
    var jobs: [Job]
    /// Errors in the other files; "jobs check" names them.
    var errors: Int
  }

  func run() async throws {
    let folder = Installation(global).jobsFolder
    let jobs = try JobFolder.load(folder)
    if global.json {
      return try global.console.print(
        json: Document(
          folder: folder,
          jobs: jobs.jobs.map {
            .init(
              name: $0.definition.name, summary: $0.definition.summary, plugin: $0.definition.plugin, file: $0.path,
              line: $0.nameMark.line)
          }, errors: jobs.findings.count(where: \.isError)))
    }
    if jobs.jobs.isEmpty {
      StandardStream.error.write("no jobs in \(folder)\n")
    } else {
      var table = Table([
        .init("JOB"), .init("PLUGIN", shrinks: true), .init("SUMMARY", shrinks: true), .init("FILE", shrinks: true),
      ])
      for job in jobs.jobs {
        table.add([job.definition.name, job.definition.plugin, job.definition.summary, job.path])
      }
      for line in table.lines(global.console) { try global.console.print(line) }
    }
    let broken = Set(jobs.findings.filter(\.isError).map(\.file)).count
    if broken > 0 {
      StandardStream.error.write(
        "\(Words.count(broken, "file")) \(broken == 1 ? "is" : "are") not valid; see \"carillon jobs check\"\n")
    }
  }
}
