import ControlAPI
import Engine
import Foundation
import JobModel
@testable import Server
import Testing

@Suite struct JobSourceTests {
  /// More jobs than are kept open: what comes out is what went in, also where only a text of it was kept.
  @Test(.timeLimit(.minutes(3))) func thousandsOfJobsAreKeptAsTheyAre() async throws {
    try await TestDaemon.with([:]) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      let count = 5_100
      func config(_ index: Int) -> String {
        "plugin: hello\nconfig: {count: \(index + 1)}\nschedule: '\(index % 60) 3 * * *'\n"
      }
      for index in 0..<count { try daemon.job("job-\(index)", config(index)) }
      #expect(try await daemon.control().reload().added.count == count)
      for index in [0, 1, 9, 4_999, 5_000, 5_099] {
        let job = try #require(try await daemon.scheduler.job("job-\(index)"))
        #expect(job.config == .object(["count": .int(Int64(index + 1))]))
        #expect(job.schedules.map(\.expressions) == [["\(index % 60) 3 * * *"]])
      }
      #expect(try await daemon.scheduler.jobs().map(\.name) == (0..<count).map { "job-\($0)" }.sorted())
      let run = try await client.post("/v1/jobs/job-20/trigger")
      let id = try #require(run.string("id"))
      #expect((try await client.awaitEnd(id)["counts"] as? [String: Any])?["total"] as? Int == 21, "\(run.text)")

      #expect(try await daemon.control().reload() == ReloadDocument(jobs: count, added: [], changed: [], removed: []))
      try daemon.job("job-5098", config(7))
      unlink("\(daemon.jobsFolder)/job-17.yaml")
      try daemon.job("new", config(0))
      let changes = try await daemon.control().reload()
      #expect(changes == ReloadDocument(jobs: count, added: ["new"], changed: ["job-5098"], removed: ["job-17"]))
      // Below the limit again: the same jobs, open now.
      for index in 4_000..<count { unlink("\(daemon.jobsFolder)/job-\(index).yaml") }
      let fewer = try await daemon.control().reload()
      #expect(fewer.removed.count == 1_100 && fewer.changed.isEmpty && fewer.added.isEmpty)
    }
  }

  /// Nobody can say which of them is meant.
  @Test func jobsThatShareANameAreNotAmongTheFirst() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      for index in 0..<200 { try daemon.job("job-\(index)", "plugin: hello\n") }
      let twin = "name: job-7\nplugin: hello\n"
      for name in ["a-twin", "z-twin"] {
        try twin.write(toFile: "\(daemon.jobsFolder)/\(name).yaml", atomically: true, encoding: .utf8)
      }
      try daemon.job("job-150", "plugin: hello\nretri: {}\n")
      let (set, refusal) = try await daemon.source.loadSound()
      #expect(set.jobs.count == 199)
      let files = try #require(refusal).findings.map { ($0.file as NSString?)?.lastPathComponent }
      #expect(files == ["a-twin.yaml", "job-150.yaml", "job-7.yaml", "z-twin.yaml"])
      #expect(refusal?.findings.first?.message.contains("job-7.yaml:1") == true)
    }
  }

  @Test func ofAJobInAnotherFileItsFileIsTold() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let two = "name: one\nplugin: hello\n---\nname: two\nplugin: hello\n"
      try two.write(toFile: "\(daemon.jobsFolder)/one.yaml", atomically: true, encoding: .utf8)
      _ = try await daemon.control().reload()
      for name in ["one", "two"] { #expect(await daemon.source.file(of: name) == "\(daemon.jobsFolder)/one.yaml") }
    }
  }
}
