import Foundation
import Testing
import WorkerPool

@Suite struct PluginCatalogTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/carillon-catalog-\(UUID().uuidString)"
    for file in ["one/libalpha.so", "one/beta.so", "two/alpha.so", "two/libgamma.so", "two/notes.txt", "two/sub.so/x"] {
      let path = URL(fileURLWithPath: "\(folder)/\(file)")
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: path)
    }
  }

  private var catalog: PluginCatalog { PluginCatalog(folders: ["\(folder)/one", "\(folder)/nowhere", "\(folder)/two"]) }

  @Test func the_first_folder_that_has_a_name_counts() throws {
    #expect(try catalog.resolve("alpha") == "\(folder)/one/libalpha.so")
    #expect(try catalog.resolve("beta") == "\(folder)/one/beta.so")
    #expect(try catalog.resolve("gamma") == "\(folder)/two/libgamma.so")
    #expect(catalog.entries().map(\.name) == ["alpha", "beta", "gamma"])
    #expect(catalog.entries().first?.path == "\(folder)/one/libalpha.so")
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func a_path_is_taken_as_it_is() throws {
    let path = try catalog.resolve("\(folder)/one/../two/alpha.so")
    #expect(path.hasSuffix("/two/alpha.so") && path.hasPrefix("/") && !path.contains(".."))
    let error = #expect(throws: WorkerPoolError.self) { try catalog.resolve("./none.so") }
    #expect(error?.code == .notFound)
    #expect(error?.message == "there is no plugin at ./none.so: No such file or directory")
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func an_unknown_name_tells_where_it_was_sought() throws {
    let error = #expect(throws: WorkerPoolError.self) { try catalog.resolve("gama") }
    #expect(error?.code == .notFound)
    #expect(
      error?.message
        == "there is no plugin \"gama\": searched \(folder)/one, \(folder)/nowhere, \(folder)/two; did you mean \"gamma\"?")
    #expect(
      throws: WorkerPoolError.self, performing: { try PluginCatalog(folders: []).resolve("x") })
    try FileManager.default.removeItem(atPath: folder)
  }
}
