import ArgumentParser
import ControlAPI
import JobFiles

/// Lists the files that a run left.
struct Artifacts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifacts", abstract: "List the files that a run left for people.")

  @Argument(help: "The run: its id, a part of it, or \"last\".", completion: .runs)
  var run: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let control = try Installation(global).control()
    let id = try await control.run(run).id
    let artifacts = try await control.artifacts(id)
    if global.json { return try global.console.print(json: ["artifacts": artifacts]) }
    guard !artifacts.isEmpty else {
      StandardStream.error.write("run \(id) left no artifacts\n")
      return
    }
    var table = Table([.init("NAME"), .init("TYPE"), .init("SIZE", isNumber: true), .init("PATH")])
    for artifact in artifacts {
      table.add([artifact.name, artifact.mediaType, SizeText.format(artifact.bytes), artifact.path])
    }
    for line in table.lines(global.console) { try global.console.print(line) }
  }
}
