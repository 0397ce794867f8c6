import Testing

@testable import Thumbnails

@Suite struct OutputNamesTests {
  private func bases(_ paths: [String]) -> [String] {
    var names = OutputNames()
    return paths.map { names.base(for: SourceFile(path: $0, size: 1, modifiedUs: 1)) }
  }

  @Test(arguments: [
    (["a.jpg", "b.png"], ["a", "b"]), (["a.jpeg", "a.jpg", "a.png"], ["a", "a.jpg", "a.png"]),
    (["x/a.jpg", "y/a.png"], ["x/a", "y/a"]), ([".hidden", "none"], [".hidden", "none"]),
    (["a.jpg", "a.png", "a.png.jpg"], ["a", "a.png", "a.png.jpg"]),
    (["a.b.jpg", "a.b", "a.jpg"], ["a.b", "a", "a.jpg"]),
  ])
  func everyFileHasABaseOfItsOwn(_ paths: [String], _ wanted: [String]) {
    #expect(bases(paths) == wanted)
    #expect(Set(bases(paths)).count == paths.count)
  }
}

@Suite struct RecipeTests {
  @Test func theHashFollowsWhatTheBytesDependOn() throws {
    let plain = ThumbnailsConfig(source: .init(folder: "/a"))
    let hash = try Recipe(plain).hash
    #expect(hash.count == 16)
    var other = ThumbnailsConfig(source: .init(folder: "/b"))
    other.force = true
    other.exclude = ["x"]
    #expect(try Recipe(other).hash == hash)
    other.background = Colour(red: 0, green: 0, blue: 0)
    #expect(try Recipe(other).hash != hash)
    var finer = plain
    finer.sizes[0].quality += 1
    #expect(try Recipe(finer).hash != hash)
  }
}
