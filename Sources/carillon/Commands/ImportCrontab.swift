import ArgumentParser
import Foundation
import JobImport

/// Turns crontabs into job files.
struct ImportCrontab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crontab", abstract: "Turn crontabs into job files, a job a line; say what could not be carried over.",
    discussion: """
      A user's crontab: "crontab -l | carillon import crontab - --user $USER". The system's: "carillon import crontab \
      /etc/crontab /etc/cron.d/*".
      """)

  @Argument(help: "Crontabs; \"-\" is standard input.", completion: .file())
  var files: [String]

  @Flag(help: "The sixth field is a user, as in /etc/crontab and /etc/cron.d, where it is known without this.")
  var system = false

  @Option(help: ArgumentHelp("Whose crontab it is.", valueName: "name"))
  var user: String?

  @OptionGroup var options: ImportOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard !system || user == nil else {
      throw ValidationError("--user is for a user's crontab; with --system each line names one")
    }
  }

  func run() async throws {
    var tables: [CrontabImport.Table] = []
    for file in files {
      let isSystem = system || user == nil && CrontabImport.Table.isSystem(Installation.absolute(file))
      tables.append(
        CrontabImport.Table(
          text: try ImportSource.text(file), file: file == "-" ? "standard input" : file, form: isSystem ? .system : .user(user)
        ))
    }
    try ImportSink(options: options, global: global).take(CrontabImport.read(tables))
  }
}
