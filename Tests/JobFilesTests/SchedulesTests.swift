import Cron
import JobFiles
import JobModel
import Testing

@Suite struct SchedulesTests {
  static let base = "name: a\nplugin: p\n"

  private func job(_ text: String) throws -> JobDefinition {
    let (jobs, findings) = JobFolder.read(Array((Self.base + text).utf8), file: "f.yaml")
    #expect(findings.map(\.description) == [])
    return try #require(jobs.first).definition
  }

  @Test func withoutSchedulesAJobRunsByHandOnly() throws {
    let job = try job("")
    #expect(job.schedules == [])
    #expect(job.overlap == .skip)
    #expect(job.catchUp == CatchUpPolicy(backlog: .latest, within: .seconds(86_400), pace: .zero))
    #expect(job.afterPause == .none)
  }

  @Test func oneExpressionIsAScheduleInTheMachinesZone() throws {
    let spec = try #require(try job("schedule: \"0  2 * * *\"").schedules.first)
    #expect(spec.name == "0 2 * * *")
    #expect(spec.expressions == ["0  2 * * *"])
    #expect(spec.zone == (try ZoneRules.system().identifier))
    #expect(spec.dst == .debian)
  }

  @Test func aScheduleIsReadWhole() throws {
    let job = try job(
      """
      schedules:
        - "@every 90s"
        - name: nightly
          cron: ["0 0 2 * * *", "0 30 4 * * MON"]
          fields: 6
          zone: Europe/Berlin
          dst: skip
          start: "2026-01-01"
          end: 2027-01-01 12:00
          exclude: ["* * * 25 12 *", {from: "2026-07-01", to: "2026-08-01"}]
          jitter: 30s
          spread: 10m
      catch_up: {policy: all, within: 2h, pace: 10s}
      overlap: queueOne
      after_pause: latest
      """)
    #expect(job.schedules.map(\.name) == ["@every 90s", "nightly"])
    let spec = job.schedules[1]
    #expect(spec.format == .seconds)
    #expect(spec.zone == "Europe/Berlin")
    #expect(spec.dst == .skip)
    #expect(spec.start?.iso8601 == "2025-12-31T23:00:00.000Z")
    #expect(spec.end?.iso8601 == "2027-01-01T11:00:00.000Z")
    let july = ScheduleSpec.Exclusion.window(
      from: Timestamp(seconds: 1_782_856_800), to: Timestamp(seconds: 1_785_535_200))
    #expect(spec.exclusions == [.expression("* * * 25 12 *"), july])
    #expect(spec.jitter == .seconds(30))
    #expect(spec.spread == .seconds(600))
    #expect(job.catchUp == CatchUpPolicy(backlog: .all, within: .seconds(7_200), pace: .seconds(10)))
    #expect(job.overlap == .queueOne)
    #expect(job.afterPause == .latest)
    let schedule = try spec.compiled(job: job.name)
    let next = try #require(schedule.next(after: 1_782_856_800))
    #expect(Timestamp(seconds: next.second).iso8601 == "2026-08-01T00:00:00.000Z")
  }

  static let wrong: [WrongFile] = [
    WrongFile(
      "both forms", base + "schedule: \"* * * * *\"\nschedules: []\n",
      "f.yaml:3:11: schedule: there is also schedules: write all of them there"),
    WrongFile(
      "a list where one is meant", base + "schedule: [\"* * * * *\"]\n",
      "f.yaml:3:11: schedule: must be one cron expression, is a list; more is written under schedules"),
    WrongFile(
      "no expression", base + "schedules:\n  - zone: UTC\n",
      "f.yaml:4:5: schedules[0].cron: is missing: when is the job due? For example cron: \"0 2 * * *\""),
    WrongFile(
      "one name twice", base + "schedules:\n  - \"@daily\"\n  - \"@daily\"\n",
      "f.yaml:5:5: schedules[1].name: \"@daily\" is the name of another schedule of this job; give each its own"),
    WrongFile(
      "several at once",
      base + "overlap: queue\ncatch_up: {policy: some}\nschedules:\n  - {cron: \"@daily\", dst: none, start: soon}\n",
      "f.yaml:3:10: overlap: must be skip, queueOne, queueAll, cancelOther, allow, is \"queue\"; did you mean \"queueOne\"?",
      "f.yaml:4:20: catch_up.policy: must be none, latest, all, is \"some\"",
      "f.yaml:6:27: schedules[0].dst: must be debian, literal, skip, is \"none\"",
      "f.yaml:6:40: schedules[0].start: must be a local time as \"2026-12-24 18:00\" or a date, is \"soon\""),
    WrongFile(
      "a window from back to front",
      base + "schedules:\n  - {cron: \"@daily\", exclude: [{from: 2026-02-01, to: 2026-01-01}]}\n",
      "f.yaml:4:55: schedules[0].exclude[0].to: must be later than from"),
  ]

  @Test(arguments: wrong)
  func whatIsWrongIsSaid(_ file: WrongFile) {
    let (_, findings) = JobFolder.read(Array(file.text.utf8), file: "f.yaml")
    #expect(findings.map(\.description) == file.findings)
  }

  @Test(arguments: [
    ("schedule: \"61 * * * *\"", "f.yaml:3:11: schedule: \"61 * * * *\": minute (column 1): "),
    ("schedule: \"0 0 2 * * *\"", "f.yaml:3:11: schedule: \"0 0 2 * * *\": "),
    ("schedule: \"0 0 30 2 *\"", "f.yaml:3:11: schedule: "),
    ("schedules: [{cron: \"@daily\", zone: Europe/Berln}]", "f.yaml:3:36: schedules[0].zone: "),
    ("schedules: [{cron: \"@daily\", exclude: \"* * * *\"}]", "f.yaml:3:39: schedules[0].exclude[0]: \"* * * *\": "),
    ("schedules: [{cron: \"@daily\", exclude: \"* * * * *\"}]", "f.yaml:3:14: schedules[0].cron: "),
  ])
  func whatCronFindsIsLedBackToItsPlace(_ text: String, _ beginning: String) throws {
    let (jobs, findings) = JobFolder.read(Array((Self.base + text).utf8), file: "f.yaml")
    #expect(jobs.isEmpty)
    #expect(findings.count == 1)
    let found = try #require(findings.first).description
    #expect(found.hasPrefix(beginning), "\(found)")
  }
}
