import ArgumentParser
import Foundation
import Store

/// Copies the store to a file.
struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Copy the store to a file, whether or not something runs.",
    discussion: """
      The copy is whole and checked. To restore it, stop every carillon, put it in the place of carillon.db in the state \
      directory, and remove carillon.db-wal and carillon.db-shm there. Logs and artifacts are files beside it.
      """)

  @Argument(help: "The file to write.", completion: .file())
  var file: String

  @Flag(help: "Replace the file if it is there.")
  var force = false

  @OptionGroup var global: GlobalOptions

  private struct Document: Encodable {
    var file: String
    var bytes: Int
  }

  func run() async throws {
    let target = Installation.absolute(file)
    let store = try Installation(global).reader()
    do throws(StoreError) {
      try await store.backup(to: target, overwrite: force)
    } catch  where error.code == .conflict {
      throw CommandError(.cannotCreate, "\(target) is there already; --force replaces it")
    } catch {
      throw CommandError(error)
    }
    var status = stat()
    let bytes = stat(target, &status) == 0 ? Int(status.st_size) : 0
    if global.json { return try global.console.print(json: Document(file: target, bytes: bytes)) }
    try global.console.print("\(target): \(Words.count(bytes)) bytes")
  }
}
