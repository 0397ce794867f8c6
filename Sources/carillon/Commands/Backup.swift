import ArgumentParser
import ControlAPI

/// Copies the store to a file.
struct Backup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the store to a file, whether or not something runs.",
    discussion: """
      The copy is whole and checked. To restore it, stop every carillon, put it in the place of carillon.db in the state \
      directory, and remove carillon.db-wal and carillon.db-shm there. Logs and artifacts are files beside it.
      """)

  @Argument(help: "The file to write.", completion: .file())
  var file: String

  @Flag(help: "Replace the file if it is there.")
  var force = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let target = Installation.absolute(file)
    let control = try Installation(global).control()
    let backup: BackupDocument
    do throws(ControlError) {
      backup = try await control.backup(to: target, overwrites: force)
    } catch  where error.code == .conflict {
      throw CommandError(.cannotCreate, "\(target) is there already; --force replaces it")
    } catch {
      throw CommandError(error)
    }
    if global.json { return try global.console.print(json: backup) }
    try global.console.print("\(backup.file): \(Words.count(backup.bytes)) bytes")
  }
}
