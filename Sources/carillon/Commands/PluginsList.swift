import ArgumentParser
import Engine
import JobModel
import WorkerPool

/// Lists plugins, each as it describes itself.
struct PluginsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the plugins in the plugin folders, each as it describes itself.")

  @OptionGroup var global: GlobalOptions

  private struct Document: Encodable {
    struct Plugin: Encodable {
      var name: String
      var path: String
      var manifest: ManifestDocument?
      var error: String?
    }

    var folders: [String]
    var plugins: [Plugin]
  }

  func run() async throws {
    let installation = Installation(global)
    let pool = WorkerPool(hostPath: installation.paths.host, time: SystemTimeSource())
    var plugins: [Document.Plugin] = []
    for entry in PluginCatalog(folders: installation.paths.plugins).entries() {
      do throws(WorkerPoolError) {
        let manifest = try await pool.describe(pluginPath: entry.path)
        plugins.append(.init(name: entry.name, path: entry.path, manifest: ManifestDocument(manifest)))
      } catch {
        if error.code == .spawn { throw CommandError(error) }
        plugins.append(.init(name: entry.name, path: entry.path, error: error.message))
      }
    }
    if global.json {
      return try global.console.print(json: Document(folders: installation.paths.plugins, plugins: plugins))
    }
    guard !plugins.isEmpty else {
      StandardStream.error.write("no plugins in \(installation.paths.plugins.joined(separator: ", "))\n")
      return
    }
    var table = Table([.init("PLUGIN"), .init("VERSION"), .init("SUMMARY", shrinks: true), .init("PATH", shrinks: true)])
    for plugin in plugins {
      table.add(
        [plugin.name, plugin.manifest?.version ?? "", plugin.manifest?.summary ?? plugin.error ?? "", plugin.path],
        colors: plugin.error == nil ? [:] : [2: .red])
    }
    for line in table.lines(global.console) { try global.console.print(line) }
  }
}

/// What a plugin says of itself.
struct ManifestDocument: Encodable {
  var id: String
  var version: String
  var summary: String?
  var maxInFlight: Int
  var workers: Int
  var itemTimeoutS: Double

  init(_ manifest: PluginManifest) {
    id = manifest.id
    version = manifest.version
    summary = manifest.summary
    maxInFlight = manifest.maxInFlight
    workers = manifest.workers
    itemTimeoutS = manifest.itemTimeout.inSeconds
  }
}
