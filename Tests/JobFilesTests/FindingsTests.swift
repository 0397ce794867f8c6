import JobFiles
import Testing

/// What a wrong file gets to hear: the exact place, key and words.
struct WrongFile: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var text: String
  /// Every finding, in its order, as it is printed.
  var findings: [String]

  init(_ name: String, _ text: String, _ findings: String...) {
    testDescription = name
    self.text = text
    self.findings = findings
  }
}

@Suite struct FindingsTests {
  static let base = "name: a\nplugin: p\n"

  static let shape: [WrongFile] = [
    WrongFile("empty file", "", "f.yaml: the file holds no job"),
    WrongFile("only a comment", "# nothing\n", "f.yaml: the file holds no job"),
    WrongFile("empty document", "---\n", "f.yaml:2:1: the document is empty: a job needs name and plugin"),
    WrongFile("a list", "- a\n", "f.yaml:1:1: must be a mapping of keys to values, is a list"),
    WrongFile("text", "hello\n", "f.yaml:1:1: must be a mapping of keys to values, is text"),
    WrongFile(
      "nothing that is needed", "summary: x\n", "f.yaml:1:1: name: is missing: every job needs a name",
      "f.yaml:1:1: plugin: is missing: name the plugin that does the work"),
    WrongFile(
      "a tab", "name: a\nplugin: p\nretry:\n\tbase: 1s\n", "f.yaml:4:1: a tab: YAML is indented with spaces"),
    WrongFile(
      "an open bracket", "name: [a\nplugin: p\n",
      "f.yaml:2:7: not valid YAML: did not find expected ',' or ']' (while parsing a flow sequence, begun in line 1)"),
    WrongFile("an unknown alias", base + "config: *nowhere\n", "f.yaml:3:9: not valid YAML: found undefined alias"),
    WrongFile("a control character", "name: a\nplug\u{7}in: p\n", "f.yaml:2:5: the file has a control character (U+7)"),
    WrongFile(
      "an unknown tag", base + "config: {a: !x y}\n", "f.yaml:3:13: config.a: the tag !x is not known here"),
    WrongFile(
      "a merge key", base + "config:\n  a: &a {x: 1}\n  b:\n    <<: *a\n",
      "f.yaml:6:5: config.b: merge keys (<<) are not part of YAML 1.2: write the keys out"),
    WrongFile("a key that is no text", base + "config: {[a]: b}\n", "f.yaml:3:10: config: a key must be text"),
  ]

  static let keys: [WrongFile] = [
    WrongFile("a misspelt key", base + "retries: 3\n", "f.yaml:3:1: retries: unknown key; did you mean \"retry\"?"),
    WrongFile(
      "a misspelt key below", base + "retry:\n  max_atempts: 3\n",
      "f.yaml:4:3: retry.max_atempts: unknown key; did you mean \"max_attempts\"?"),
    WrongFile(
      "a key from nowhere", base + "unique:\n  zzzzzz: 3\n  for: 1h\n",
      "f.yaml:4:3: unique.zzzzzz: unknown key; known here: by, for"),
    WrongFile(
      "cron at the top", base + "cron: x\n",
      "f.yaml:3:1: cron: unknown key; write schedule: \"…\", or cron under schedules"),
    WrongFile("a key without value", base + "retry:\n", "f.yaml:3:1: retry: has no value: give it one, or remove the key"),
    WrongFile(
      "a key twice", "name: a\nplugin: p\nsummary: x\nsummary: y\n",
      "f.yaml:4:1: summary: the key stands in line 3 already"),
    WrongFile(
      "keys twice in several places, and more",
      "name: a\nplugin: p\nconfig:\n  x: {k: 1, k: 2, k: 3}\n  \"y\": 1\n  y: 2\nworkers: 0\n",
      "f.yaml:4:13: config.x.k: the key stands in line 4 already",
      "f.yaml:4:19: config.x.k: the key stands in line 4 already",
      "f.yaml:6:3: config.y: the key stands in line 5 already", "f.yaml:7:10: workers: must be 1 to 256, is 0"),
    WrongFile(
      "a name with capitals", "name: Thumbs\nplugin: p\n",
      "f.yaml:1:7: name: must be 1 to 64 lower-case letters, digits and hyphens, the first no hyphen, is \"Thumbs\""),
    WrongFile(
      "a reserved name", "name: show\nplugin: p\n",
      "f.yaml:1:7: name: \"show\" means something else in \"carillon run show\"; choose another"),
    WrongFile("a plugin that is a list", "name: a\nplugin: [p]\n", "f.yaml:2:9: plugin: must be text, is a list"),
  ]

  static let values: [WrongFile] = [
    WrongFile(
      "a word for a number", base + "workers: two\n", "f.yaml:3:10: workers: must be a whole number, 1 to 256, is \"two\""),
    WrongFile(
      "a quoted number", base + "workers: \"2\"\n", "f.yaml:3:10: workers: must be a whole number, 1 to 256, is \"2\""),
    WrongFile("a priority out of range", base + "priority: 1001\n", "f.yaml:3:11: priority: must be -1000 to 1000, is 1001"),
    WrongFile(
      "a duration without unit", base + "timeouts: {item: 90}\n",
      "f.yaml:3:18: timeouts.item: must be a duration as 90s, 5m, 1h30m or 250ms, is \"90\": which unit? write 90s for seconds"),
    WrongFile(
      "a duration backwards", base + "timeouts: {run: 30m1h}\n",
      "f.yaml:3:17: timeouts.run: must be a duration as 90s, 5m, 1h30m or 250ms, is \"30m1h\""),
    WrongFile(
      "a grace too long", base + "timeouts: {cancel_grace: 2h}\n",
      "f.yaml:3:26: timeouts.cancel_grace: must be 0s to 1h, is 2h"),
    WrongFile(
      "a rate without slash", base + "rate_limit: 100\n",
      "f.yaml:3:13: rate_limit: must be items per duration as 100/1s or 5/1m, is \"100\""),
    WrongFile("a rate in parts", base + "rate_limit: {count: 5}\n", "f.yaml:3:13: rate_limit.per: is missing"),
    WrongFile(
      "a backoff", base + "retry: {backoff: exponental}\n",
      "f.yaml:3:18: retry.backoff: must be fixed, linear, exponential, is \"exponental\"; did you mean \"exponential\"?"),
    WrongFile(
      "a cap below the base", base + "retry: {base: 10s, cap: 1s}\n",
      "f.yaml:3:25: retry.cap: the longest delay (1s) is shorter than the first (10s)"),
    WrongFile(
      "a budget", base + "failure_budget: some\n",
      "f.yaml:3:17: failure_budget: must be a number of items as 10, a percentage as 5%, or unlimited, is \"some\""),
    WrongFile(
      "a percentage", base + "failure_budget: {percent: 101}\n",
      "f.yaml:3:27: failure_budget.percent: must be a percentage, 0 to 100, is \"101\""),
    WrongFile(
      "unique for how long", base + "unique: {by: key}\n", "f.yaml:3:9: unique.for: is missing: how long does a key stay taken?"
    ),
    WrongFile(
      "a size", base + "limits: {address_space: 512}\n",
      "f.yaml:3:25: limits.address_space: must be a size as 512MiB or 2GiB, is \"512\""),
    WrongFile(
      "config that is text", base + "config: hello\n", "f.yaml:3:9: config: must be a mapping of keys to values, is text"),
    WrongFile(
      "numbers that JSON cannot hold", base + "config: {a: .nan, b: [0644], c: 99999999999999999999}\n",
      "f.yaml:3:13: config.a: .nan is no number that JSON can hold",
      "f.yaml:3:23: config.b[0]: 0644 begins with 0: write \"0644\" for text, 0o… for an octal number",
      "f.yaml:3:33: config.c: 99999999999999999999 is out of the range of 64 bits"),
    WrongFile(
      "several documents, each wrong", "name: a\nplugin: p\nworkers: x\n---\nname: b\npriority: y\n",
      "f.yaml:3:10: workers: must be a whole number, 1 to 256, is \"x\"",
      "f.yaml:5:1: plugin: is missing: name the plugin that does the work",
      "f.yaml:6:11: priority: must be a whole number, -1000 to 1000, is \"y\""),
  ]

  @Test(arguments: shape + keys + values) func names_everything_that_is_wrong(_ file: WrongFile) {
    let (jobs, findings) = JobFolder.read(Array(file.text.utf8), file: "f.yaml")
    let mixed = file.testDescription.hasPrefix("several documents")
    #expect(mixed || jobs.isEmpty)
    #expect(findings.map(\.description) == file.findings)
  }

  @Test func refuses_text_that_is_not_UTF8() {
    let (_, findings) = JobFolder.read(Array("name: a\nsummary: x".utf8) + [0xff, 0xfe], file: "f.yaml")
    #expect(findings.map(\.description) == ["f.yaml:2:11: the file is not UTF-8 text"])
  }

  @Test func refuses_a_file_larger_than_1_MiB() {
    let (_, findings) = JobFolder.read([UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20 + 1), file: "f.yaml")
    #expect(findings.map(\.description) == ["f.yaml: the file is larger than 1 MiB: this is no job file"])
  }

  /// Six levels of eight: 300,000 values from six lines.
  @Test func bounds_what_aliases_expand_to() {
    var text = Self.base + "config:\n  a0: &a0 [x, x, x, x, x, x, x, x]\n"
    for level in 1...5 {
      text += "  a\(level): &a\(level) [" + [String](repeating: "*a\(level - 1)", count: 8).joined(separator: ", ") + "]\n"
    }
    let (_, few) = JobFolder.read(Array(text.utf8), file: "f.yaml")
    #expect(few.map(\.message) == ["the document holds more than 100000 values, aliases expanded"])
    text += "  a6: *a5\n"
    let (_, many) = JobFolder.read(Array(text.utf8), file: "f.yaml")
    #expect(many.map(\.message) == ["the file has more than 40 aliases: write the values out"])
  }

  @Test func bounds_nesting() {
    let deep = Self.base + "config: {a: " + String(repeating: "[", count: 200) + String(repeating: "]", count: 200) + "}\n"
    let (_, findings) = JobFolder.read(Array(deep.utf8), file: "f.yaml")
    #expect(findings.map(\.message) == ["nested more than 100 levels deep"])
    let absurd = String(repeating: "[", count: 500_000)
    #expect(JobFolder.read(Array(absurd.utf8), file: "f.yaml").findings.count == 1)
  }

  /// Whatever the bytes are, reading them ends, and says something when there is no job.
  @Test func survives_any_bytes() {
    var generator = SystemRandomNumberGenerator()
    let seed = UInt64.random(in: 0...UInt64.max, using: &generator)
    var random = SplitMix(state: seed)
    let alphabet = Array("ab:-[]{},&*!|>'\"%@`#? \n\t.0\\\u{e9}".utf8) + [0x80, 0xff, 0]
    for _ in 0..<2_000 {
      let count = Int.random(in: 0...60, using: &random)
      let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
      let (jobs, findings) = JobFolder.read(bytes, file: "f.yaml")
      #expect(!jobs.isEmpty || !findings.isEmpty, "seed \(seed)")
    }
  }
}

/// A generator that a seed repeats: Sebastiano Vigna's splitmix64.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
