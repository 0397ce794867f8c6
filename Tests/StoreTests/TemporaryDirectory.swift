import Foundation
import JobModel
import Store

/// A folder of its own that is gone with the value.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/carillon-store-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("cannot remove \(path): \(error)")
    }
  }

  var state: String { path + "/state" }
  var database: String { state + "/carillon.db" }

  func open(_ mode: SQLiteStore.Mode = .engine) throws -> SQLiteStore {
    try SQLiteStore.open(directory: state, mode: mode)
  }
}
