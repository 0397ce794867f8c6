import JobModel
import Testing

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("thumbnial", "thumbnails"), ("thumnails", "thumbnails"), ("rnus", "runs"), ("Retry", "retry"), ("retries", "retry"),
    ("max_atempts", "max_attempts"),
  ])
  func finds_what_was_meant(_ typed: String, _ meant: String) {
    #expect(["thumbnails", "runs", "retry", "max_attempts", "x"].nearest(to: typed) == meant)
  }

  @Test(arguments: ["", "zzz", "quite-different", "runs"]) func says_nothing_when_nothing_is_near(_ typed: String) {
    #expect(["thumbnails", "runs", "retry"].nearest(to: typed) == nil)
  }
}
