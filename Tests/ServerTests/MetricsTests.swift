import Foundation
import JobModel
@testable import Server
import Testing

@Suite struct MetricsTests {
  typealias Samples = [String: [(labels: [String: String], value: Double)]]

  /// What Prometheus' parser makes of the page.
  private func read(_ daemon: TestDaemon) async throws -> Samples {
    let page = try await Client(socket: daemon.socket).get("/metrics")
    #expect(page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
    let file = "\(daemon.folder)/metrics"
    try page.body.write(to: URL(fileURLWithPath: file))
    let (status, output, errors) = try await execute(
      try Installation.python(), ["\(Installation.root)/Tests/ServerTests/Oracle/metrics.py", file])
    try #require(status == 0, "\(errors)\n\(page.text)")
    let json = try #require(try JSONSerialization.jsonObject(with: output) as? [String: [[Any]]])
    return json.mapValues { samples in
      samples.map { ($0[0] as? [String: String] ?? [:], ($0[1] as? NSNumber)?.doubleValue ?? .nan) }
    }
  }

  private func value(_ samples: Samples, _ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples[name]?.first { sample in labels.allSatisfy { sample.labels[$0.key] == $0.value } }?.value
  }

  @Test func whatWasDoneIsCounted() async throws {
    let script = #"config: {script: "a 0 ok\nb 0 fail\nc 0 retry:1,ok\nd 0 skip"}"#
    let jobs = [
      "hello": "plugin: hello\nconfig: {count: 5}\n", "mixed": "plugin: scripted\n\(script)\n",
      "nightly": "plugin: hello\nschedule: \"0 2 * * *\"\n",
      "deadly": "plugin: misbehaving\nworkers: 1\nconfig: {items: 1, faults: [{key: item-1, fault: abort}]}\n",
    ]
    try await TestDaemon.with(jobs) { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      for job in ["hello", "mixed", "deadly"] {
        let id = try #require(try await client.post("/v1/jobs/\(job)/trigger").string("id"))
        _ = try await client.awaitEnd(id)
      }
      _ = try await client.post(
        "/v1/jobs/nightly/backfill", #"{"from": "2026-01-01T00:00:00Z", "to": "2026-01-03T00:00:00Z"}"#)
      let samples = try await read(daemon)
      #expect(value(samples, "carillon_items_total", ["job": "hello", "outcome": "succeeded"]) == 5)
      #expect(value(samples, "carillon_items_total", ["job": "mixed", "outcome": "succeeded"]) == 2)
      #expect(value(samples, "carillon_items_total", ["job": "mixed", "outcome": "dead"]) == 1)
      #expect(value(samples, "carillon_items_total", ["job": "mixed", "outcome": "skipped"]) == 1)
      #expect(value(samples, "carillon_items_total", ["job": "deadly", "outcome": "poisoned"]) == 1)
      #expect(value(samples, "carillon_attempts_failed_total", ["job": "mixed", "cause": "item"]) == 2)
      #expect(value(samples, "carillon_attempts_failed_total", ["job": "deadly", "cause": "poison"]) == 3)
      #expect(value(samples, "carillon_item_duration_seconds_count", ["job": "hello"]) == 5)
      #expect(value(samples, "carillon_runs_total", ["job": "hello", "state": "succeeded"]) == 1)
      #expect(value(samples, "carillon_runs_total", ["job": "mixed", "state": "completedWithFailures"]) == 1)
      #expect(value(samples, "carillon_run_duration_seconds_count", ["job": "mixed"]) == 1)
      #expect(value(samples, "carillon_worker_deaths_total", ["plugin": "misbehaving"]) == 3)
      #expect(value(samples, "carillon_worker_starts_total", ["plugin": "scripted"]) ?? 0 >= 1)
      #expect(value(samples, "carillon_schedules") == 1)
      #expect(value(samples, "carillon_instants_total", ["fate": "backfilled"]) ?? 0 >= 0)
      #expect(value(samples, "carillon_schedule_lateness_seconds_count") == 0)
      #expect(value(samples, "carillon_build_info", ["version": "1.2.3"]) == 1)
      #expect(value(samples, "carillon_store_bytes") ?? 0 >= 4_096)
      #expect(samples["carillon_store_wal_bytes"] != nil)
      #expect(value(samples, "carillon_store_commit_seconds_count") ?? 0 > 3)
      #expect(value(samples, "carillon_runs_active") != nil)
      #expect(value(samples, "carillon_runs_queued") != nil)
      let start = try #require(value(samples, "process_start_time_seconds"))
      #expect(abs(start - Date().timeIntervalSince1970) < 600)
    }
  }

  @Test func labelsAreEscaped() throws {
    var page = PrometheusText()
    page.family("x", "gauge", "A line\nand a \\.")
    page.sample("x", [("job", "a\"b\\c\nd")], 1.5)
    #expect(page.text == "# HELP x A line\\nand a \\\\.\n# TYPE x gauge\nx{job=\"a\\\"b\\\\c\\nd\"} 1.5\n")
  }
}
