import Testing

@testable import Thumbnails

@Suite struct GlobTests {
  @Test(arguments: [
    ("*.jpg", "a.jpg", true), ("*.jpg", "deep/er/a.jpg", true), ("*.jpg", "a.JPG", true),
    ("*.jpg", "a.jpeg", false), ("*.{jpg,jpeg}", "x/a.jpeg", true), ("*.{jpg,jp{e,x}g}", "a.jpxg", true),
    ("2024/*.png", "2024/a.png", true), ("2024/*.png", "2024/b/a.png", false),
    ("2024/**/*.png", "2024/a.png", true), ("2024/**/*.png", "2024/b/c/a.png", true),
    ("2024/**", "2024/b/c", true), ("2024/**", "2024", false), ("**", "anything/at/all", true),
    ("?.jpg", "a.jpg", true), ("?.jpg", "ab.jpg", false), ("[a-c]*.jpg", "beach.jpg", true),
    ("[!a-c]*.jpg", "beach.jpg", false), ("[]x].jpg", "].jpg", true), ("/top.jpg", "top.jpg", true),
    ("/top.jpg", "in/top.jpg", false), ("a*b*c", "axxbyyc", true), ("a*b*c", "axxbyy", false),
    ("*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false), ("ü?.png", "üé.png", true),
  ])
  func matches(_ pattern: String, _ path: String, _ wanted: Bool) throws {
    #expect(try #require(Glob(pattern)).matches(path) == wanted, "\(pattern) on \(path)")
  }

  @Test(arguments: ["[a-", "{a,b", "x[", "{{a}"])
  func refuses(_ pattern: String) {
    #expect(Glob(pattern) == nil)
  }
}
