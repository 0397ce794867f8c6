import ArgumentParser
import Engine
import JobFiles
import JobModel
import Store

/// Lists the files that a run left.
struct Artifacts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the files that a run left for people.")

  @Argument(help: "The run: its id, a part of it, or \"last\".")
  var run: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let installation = Installation(global)
    let store = try installation.reader()
    let record = try await store.run(reference: run)
    let artifacts = try await store.artifacts(run: record.number).map {
      ArtifactDocument($0, folder: installation.paths.artifacts(of: record.id))
    }
    if global.json { return try global.console.print(json: ["artifacts": artifacts]) }
    guard !artifacts.isEmpty else {
      StandardStream.error.write("run \(record.id) left no artifacts\n")
      return
    }
    var table = Table([.init("NAME"), .init("TYPE"), .init("SIZE", isNumber: true), .init("PATH")])
    for artifact in artifacts {
      table.add([artifact.name, artifact.mediaType, SizeText.format(artifact.bytes), artifact.path])
    }
    for line in table.lines(global.console) { try global.console.print(line) }
  }
}
