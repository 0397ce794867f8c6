import JobFiles
import JobModel
import Testing

@Suite struct ConfigOverrideTests {
  static let config = JSONValue.object([
    "source": .object(["folder": .string("/a")]), "sizes": .array([.object(["width": .int(1)])]),
  ])

  @Test(arguments: [
    ("source.folder=/b", #"{"sizes":[{"width":1}],"source":{"folder":"/b"}}"#),
    ("sizes.0.width=200", #"{"sizes":[{"width":200}],"source":{"folder":"/a"}}"#),
    ("new.key=true", #"{"new":{"key":true},"sizes":[{"width":1}],"source":{"folder":"/a"}}"#),
    ("source=null", #"{"sizes":[{"width":1}],"source":null}"#),
    (#"sizes=[{"width":2}]"#, #"{"sizes":[{"width":2}],"source":{"folder":"/a"}}"#),
    ("source.folder=*.jpg: a=b", #"{"sizes":[{"width":1}],"source":{"folder":"*.jpg: a=b"}}"#),
    (#"source.folder="5""#, #"{"sizes":[{"width":1}],"source":{"folder":"5"}}"#),
    ("source.folder=", #"{"sizes":[{"width":1}],"source":{"folder":null}}"#),
  ])
  func sets_a_key(_ text: String, _ json: String) throws {
    let result = try ConfigOverride(parsing: text).applied(to: Self.config)
    #expect(String(decoding: result.canonicalJSON(), as: UTF8.self) == json)
  }

  @Test(arguments: [
    ("folder", "--set folder: must be key=value"), ("a..b=1", "--set a..b=1: \"a..b\" is no key"),
    ("=1", "--set =1: \"\" is no key"),
    ("a=[1", "--set a=[1: the value begins as JSON but is not valid JSON"),
    ("a=0644", "--set a=0644: 0644 begins with 0: write \"0644\" for text, 0o… for an octal number"),
    ("sizes.1.width=2", "--set sizes.1.width: the list has 1 values; \"1\" is none of them"),
    ("source.folder.x=2", "--set source.folder.x: \"x\" would stand below a value that holds no keys"),
  ])
  func refuses_what_does_not_fit(_ text: String, _ message: String) {
    let error = #expect(throws: JobFileError.self) { try ConfigOverride(parsing: text).applied(to: Self.config) }
    #expect(error?.message == message)
    #expect(error?.code == .override)
  }

  @Test(arguments: [
    ("", "f.yaml:3:1: config: m"), ("/source", "f.yaml:4:3: config.source: m"),
    ("/source/folder", "f.yaml:4:21: config.source.folder: m"), ("/source/nowhere", "f.yaml:4:3: config.source.nowhere: m"),
    ("/sizes/1/width", "f.yaml:7:14: config.sizes[1].width: m"), ("/sizes/9/width", "f.yaml:5:3: config.sizes[9].width: m"),
    ("/a~1b", "f.yaml:8:8: config.a/b: m"), ("/missing", "f.yaml:3:1: config.missing: m"),
    ("/force", "--set force: m"),
  ])
  func leads_a_plugin_s_words_back_to_the_file(_ pointer: String, _ finding: String) throws {
    let text = """
      name: a
      plugin: p
      config:
        source: { folder: /photos }
        sizes:
          - width: 1
          - width: x
        a/b: 1
      """
    var job = try #require(JobFolder.read(Array(text.utf8), file: "f.yaml").jobs.first)
    try job.apply(ConfigOverride(parsing: "force=true"))
    #expect(job.finding(isError: true, pointer: pointer, message: "m").description == finding)
  }
}
