import Foundation
import Testing

/// Real runs that are killed. `make faults-rollups` kills a hundred.
@Suite struct KillTests {
  /// Where `carillon` and the plugin were built.
  private static let products =
    ProcessInfo.processInfo.environment["CARILLON_PRODUCTS"] ?? "\(Program.root)/.build/debug"

  @Test(.timeLimit(.minutes(3))) func theTablesAreTheSame() throws {
    let folder = try ScratchFolder()
    try Program.run("cc", ["-O2", "\(Program.root)/Benchmarks/rollups/gen_events.c", "-o", "\(folder.path)/gen_events", "-lm"])
    let words = try Program.run(
      "python3", ["\(Program.root)/Benchmarks/rollups/kill.py", Self.products, folder.path, "3000", "4"])
    #expect(words.contains("\"different\": 0"), "\(words)")
  }
}
