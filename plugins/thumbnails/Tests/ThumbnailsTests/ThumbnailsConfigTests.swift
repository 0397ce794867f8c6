import CarillonPlugin
import CarillonPluginTesting
import Testing

@testable import Thumbnails

@Suite struct ThumbnailsConfigTests {
  private func check(_ json: String) async throws -> [String] {
    try await PluginHarness(ThumbnailsPlugin.self, config: json).check().map(\.description)
  }

  @Test func onlyTheSourceIsRequired() async throws {
    #expect(try await check(#"{"source":{"folder":"/photos"}}"#).isEmpty)
    #expect(try await check("{}").count == 1)
  }

  @Test func acceptsEverythingTheManualLists() async throws {
    let json = """
      {"source":{"folder":"/photos"},"destination":{"folder":"/thumbs"},"include":["*.{jpg,jpeg,png}"],
      "exclude":["private/**"],"sizes":[{"name":"s","width":64,"height":64,"quality":70,"chroma":"full"}],
      "format":"jpeg","background":"#00ff7F","metadata":"keepProfile","truncated":"warn","force":true,
      "limits":{"maxPixels":1000,"maxMemoryMiB":64}}
      """
    #expect(try await check(json).isEmpty)
  }

  @Test(arguments: [
    (#""sizes":[]"#, "/sizes"), (#""sizes":[{"name":"a b","width":1,"height":1}]"#, "/sizes/0/name"),
    (#""sizes":[{"name":"a","width":0,"height":1}]"#, "/sizes/0/width"),
    (#""sizes":[{"name":"a","width":1,"height":1},{"name":"a","width":2,"height":2}]"#, "/sizes/1/name"),
    (#""sizes":[{"name":"a","width":1,"height":1,"quality":101}]"#, "/sizes/0/quality"),
    (#""background":"white""#, "/background"), (#""metadata":"all""#, "/metadata"),
    (#""include":["[a"]"#, "/include/0"), (#""limits":{"maxMemoryMiB":1}"#, "/limits/maxMemoryMiB"),
    (#""destination":{"folder":"relative"}"#, "/destination/folder"), (#""excludes":[]"#, "/excludes"),
  ])
  func saysWhatIsWrongAndWhere(_ part: String, _ pointer: String) async throws {
    let found = try await check(#"{"source":{"folder":"/photos"},\#(part)}"#)
    #expect(found.count == 1 && found[0].hasPrefix("error: \(pointer)"), "\(found)")
  }

  @Test(arguments: ["#000000", "#ffffff", "#0a1B2c"])
  func coloursRoundTrip(_ text: String) throws {
    #expect(try #require(Colour(text)).description == text.lowercased())
  }

  @Test(arguments: ["", "#fff", "ffffff", "#gggggg", "#+fffff", "#fffffff"])
  func otherTextsAreNoColours(_ text: String) {
    #expect(Colour(text) == nil)
  }
}
