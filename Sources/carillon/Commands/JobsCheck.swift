import Server
import ArgumentParser
import ControlAPI
import Foundation
import JobFiles

/// Checks job files whole: their own keys here, each configuration by its plugin.
struct JobsCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check job files, and each configuration by its plugin; print everything that is wrong.")

  @Argument(help: "Files to check. Default: all in the job folder.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  @Flag(name: .customLong("without-plugins"), help: "Do not load plugins: check only what the files say of the run.")
  var skipsPlugins = false

  @OptionGroup var global: GlobalOptions

  private struct Document: Encodable {
    var valid: Bool
    var files: Int
    var jobs: Int
    var findings: [FindingDocument]
  }

  func run() async throws {
    let installation = Installation(global)
    for file in files where access(file, F_OK) != 0 { throw CommandError(.notFound, "there is no job file \(file)") }
    let folder = files.isEmpty ? try JobFolder.load(installation.jobsFolder) : JobFolder.load(files: files)
    var findings = folder.findings
    if !skipsPlugins {
      for job in folder.jobs { findings += await PluginCheck(installation: installation).findings(of: job) }
      findings = folder.list.inOrder(findings)
    }
    let errors = findings.count(where: \.isError)
    if global.json {
      try global.console.print(
        json: Document(
          valid: errors == 0, files: folder.list.files.count, jobs: folder.jobs.count,
          findings: findings.map { FindingDocument($0) }))
    } else {
      for finding in findings { try global.console.print(Words.printable(finding.description)) }
      if errors == 0 {
        try global.console.print(
          "\(Words.count(folder.jobs.count, "job")) in \(Words.count(folder.list.files.count, "file")): valid")
      }
    }
    if errors > 0 {
      throw CommandError(
        .invalidData,
        "\(Words.count(errors, "error")) in \(Words.count(Set(findings.filter(\.isError).map(\.file)).count, "file"))")
    }
  }
}
