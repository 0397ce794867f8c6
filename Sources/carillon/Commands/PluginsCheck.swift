import ArgumentParser
import Engine
import Foundation
import JobFiles
import JobModel
import WorkerPool

/// Loads one plugin the way a run would.
struct PluginsCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Load a plugin the way a run would, and show what it says of itself.")

  @Argument(help: "The plugin's name, or the path of its library.", completion: .file(extensions: ["so"]))
  var plugin: String

  @Option(
    help: ArgumentHelp("Let the plugin check the configuration in this JSON file.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var config: String?

  @OptionGroup var global: GlobalOptions

  private struct Document: Encodable {
    struct Finding: Encodable { var severity: String, pointer: String, message: String }

    var path: String
    var manifest: ManifestDocument
    var findings: [Finding]
  }

  func run() async throws {
    let installation = Installation(global)
    let pool = WorkerPool(hostPath: installation.paths.host, time: SystemTimeSource())
    let configs = try config.map { [try Self.read($0)] } ?? []
    let path: String
    let result: (manifest: PluginManifest, diagnostics: [[PluginDiagnostic]])
    do throws(WorkerPoolError) {
      path = try PluginCatalog(folders: installation.paths.plugins).resolve(plugin)
      result = try await pool.check(pluginPath: path, configs: configs)
    } catch {
      throw CommandError(error)
    }
    let findings = result.diagnostics.flatMap { $0 }
    if global.json {
      try global.console.print(
        json: Document(
          path: path, manifest: ManifestDocument(result.manifest),
          findings: findings.map {
            .init(severity: $0.isError ? "error" : "warning", pointer: $0.pointer, message: $0.message)
          }))
    } else {
      for line in lines(path, result.manifest) { try global.console.print(line) }
      for finding in findings {
        try global.console.print(
          Words.printable(
            "\(config ?? ""): \(finding.isError ? "" : "warning: ")\(finding.pointer.isEmpty ? "" : "\(finding.pointer): ")\(finding.message)"
          ))
      }
    }
    let errors = findings.count(where: \.isError)
    if errors > 0 { throw CommandError(.invalidData, "the plugin does not accept \(config ?? "the configuration")") }
  }

  private func lines(_ path: String, _ manifest: PluginManifest) -> [String] {
    [
      "plugin         \(manifest.id) \(Words.printable(manifest.version))", "path           \(path)",
      "summary        \(Words.printable(manifest.summary ?? ""))", "max_in_flight  \(manifest.maxInFlight)",
      "workers        \(manifest.workers == 0 ? "one for each core" : String(manifest.workers))",
      "item_timeout   \(manifest.itemTimeout == .zero ? "none" : DurationText.format(manifest.itemTimeout))",
    ]
  }

  private static func read(_ path: String) throws(CommandError) -> [UInt8] {
    try JSONFile.read(path, as: path).canonicalJSON()
  }
}
