import Foundation
import Testing

/// The contracts compile wherever a plugin's author may be.
struct HeaderTests {
  @Test(arguments: [["cc", "-std=c11", "-x", "c"], ["c++", "-std=c++17", "-x", "c++"]])
  func theHeadersCompileWithoutAWarning(compiler: [String]) throws {
    for header in ["CCarillonPlugin/include/carillon_plugin.h", "CCarillonFrames/include/carillon_frames.h"] {
      let path = BuiltPlugin.root.appending(path: "Sources/\(header)").path
      let (status, output) = try BuiltPlugin.shell(
        compiler + ["-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-include", path, "-"])
      #expect(status == 0, "\(output)")
    }
  }
}
