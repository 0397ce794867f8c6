import Foundation
import JobFiles
import JobModel
import Testing

@Suite struct JobFolderTests {
  @Test func reads_every_key() throws {
    let text = """
      name: all
      summary: Everything there is
      plugin: thumbnails
      config:
        source: {folder: /photos}
        sizes: [{width: 150}, {width: 0x10}]
        ratio: 1.5
        flag: yes
        really: true
        none: ~
        code: "007"
      priority: -5
      workers: 2
      concurrency: 8
      rate_limit: 100/1s
      retry: {max_attempts: 7, backoff: linear, base: 250ms, cap: 1h30m, jitter: full}
      timeouts: {item: 90s, run: 24h, cancel_grace: 5s, load: 1m}
      failure_budget: {percent: 2.5, floor: 100}
      unique: {by: key, for: 7d}
      breaker: {failures: 3, cooldown: 20s}
      limits:
        address_space: 2GiB
        descriptors: 256
        recycle: {memory: 512MiB, items: 1000, after: 1h}
      """
    let (jobs, findings) = JobFolder.read(Array(text.utf8), file: "f.yaml")
    #expect(findings.isEmpty, "\(findings)")
    var expected = JobDefinition(name: "all", plugin: "thumbnails")
    expected.summary = "Everything there is"
    expected.config = .object([
      "source": .object(["folder": .string("/photos")]),
      "sizes": .array([.object(["width": .int(150)]), .object(["width": .int(16)])]), "ratio": .double(1.5),
      "flag": .string("yes"), "really": .bool(true), "none": .null, "code": .string("007"),
    ])
    expected.priority = -5
    expected.workers = 2
    expected.concurrency = 8
    expected.rateLimit = RateLimit(count: 100, interval: .seconds(1))
    expected.retry = RetryPolicy(
      maxAttempts: 7, backoff: .linear, base: .milliseconds(250), cap: .seconds(5_400), jitter: .full)
    expected.timeouts.item = .seconds(90)
    expected.timeouts.run = .seconds(86_400)
    expected.timeouts.cancelGrace = .seconds(5)
    expected.timeouts.load = .seconds(60)
    expected.failureBudget = .percent(2.5, floor: 100)
    expected.unique = UniquePolicy(period: .seconds(7 * 86_400))
    expected.breaker.failures = 3
    expected.breaker.cooldown = .seconds(20)
    expected.limits.addressSpaceMiB = 2_048
    expected.limits.descriptors = 256
    expected.limits.recycleMiB = 512
    expected.limits.recycleItems = 1_000
    expected.limits.recycleAfter = .seconds(3_600)
    #expect(try #require(jobs.first).definition == expected)
  }

  @Test func the_manual_s_example_is_valid() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let manual = try String(contentsOfFile: root.path + "/docs/manual.md", encoding: .utf8)
    let example = try #require(manual.split(separator: "```yaml\n").dropFirst().first?.split(separator: "```\n").first)
    let (jobs, findings) = JobFolder.read(Array(example.utf8), file: "manual")
    #expect(findings.isEmpty, "\(findings)")
    #expect(jobs.first?.definition.failureBudget == .percent(5, floor: 20))
  }

  @Test func a_short_file_has_the_model_s_defaults() throws {
    let (jobs, _) = JobFolder.read(Array("\u{feff}name: a\r\nplugin: p\r\n".utf8), file: "f.yaml")
    #expect(try #require(jobs.first).definition == JobDefinition(name: "a", plugin: "p"))
  }

  @Test(arguments: [
    ("10", FailureBudget.count(10)), ("5%", .percent(5, floor: 20)), ("unlimited", .unlimited),
    ("{percent: 5%}", .percent(5, floor: 20)),
  ])
  func reads_failure_budgets(_ text: String, _ budget: FailureBudget) throws {
    let (jobs, _) = JobFolder.read(Array("name: a\nplugin: p\nfailure_budget: \(text)\n".utf8), file: "f.yaml")
    #expect(try #require(jobs.first).definition.failureBudget == budget)
  }

  @Test func one_document_is_one_job() {
    let text = "name: a\nplugin: p\n---\nname: b\nplugin: p\n...\n"
    #expect(JobFolder.read(Array(text.utf8), file: "f.yaml").jobs.map(\.definition.name) == ["a", "b"])
  }

  @Test func a_folder_tells_its_valid_jobs_from_the_others() throws {
    let folder = try TemporaryFolder()
    try folder.write("name: good\nplugin: p\n", "a.yaml")
    try folder.write("name: twice\nplugin: p\n", "b.yaml")
    try folder.write("# the same again\nname: twice\nplugin: p\n", "c.yml")
    try folder.write("name: bad\nplugin: p\nworkers: 0\n", "d.yaml")
    try folder.write("not a job", "readme.txt")
    try folder.write("nor this", ".hidden.yaml")
    let jobs = try JobFolder.load(folder.path)
    #expect(jobs.list.files.count == 4)
    #expect(jobs.jobs.map(\.definition.name) == ["good"])
    #expect(
      jobs.findings.map(\.description) == [
        "\(folder.path)/b.yaml:1:7: name: \"twice\" is also the name of the job in \(folder.path)/c.yml:2",
        "\(folder.path)/c.yml:2:7: name: \"twice\" is also the name of the job in \(folder.path)/b.yaml:1",
        "\(folder.path)/d.yaml:3:10: workers: must be 1 to 256, is 0",
      ])
    #expect(try jobs.job(named: "good").definition.plugin == "p")
    let invalid = #expect(throws: JobFileError.self) { try jobs.job(named: "bad") }
    #expect(invalid?.code == .invalid && invalid?.findings.count == 1)
    let missing = #expect(throws: JobFileError.self) { try jobs.job(named: "god") }
    #expect(
      missing?.message
        == "there is no job \"god\"; did you mean \"good\"?; 3 job files are not valid, see \"carillon jobs check\"")
  }

  @Test func a_folder_that_is_not_there_is_an_error() {
    let error = #expect(throws: JobFileError.self) { try JobFolder.load("/nowhere/jobs") }
    #expect(error?.code == .unreadable)
    #expect(error?.message == "the job folder /nowhere/jobs cannot be read: No such file or directory")
  }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("carillon-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch { print("\(path) is left behind: \(error)") }
  }

  func write(_ text: String, _ name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
  }
}
