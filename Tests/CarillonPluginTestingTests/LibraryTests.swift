import CarillonPluginTesting
import Glibc
import Testing

/// The example as a shared library: the exported symbol, and a plugin that brings its own copy of the SDK.
@Suite struct LibraryTests {
  /// Beside the program that runs the tests; nil when only the tests were built.
  static let library: String? = {
    guard let program = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(program) }
    // The test bundle is given as an argument when a runner of the toolchain loads it.
    for path in [String(cString: program)] + CommandLine.arguments {
      let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      let library = folder.joined(separator: "/") + "/libhello-swift.so"
      if access(library, R_OK) == 0 { return library }
    }
    return nil
  }()

  @Test(.enabled(if: library != nil, "libhello-swift.so is not built"))
  func theExampleKeepsTheContract() async throws {
    let plugin = try PluginUnderTest(library: #require(Self.library))
    let config = #"{"names": ["Ada", "Grace"]}"#
    #expect(await Conformance.check(plugin, config: config) == [])
    let record = try await PluginHarness(plugin, config: config).run()
    #expect(record.completion("Grace")?.output == #"{"said":"Hello, Grace!"}"#)
  }
}
