import Foundation
import Testing

@Suite struct ScheduleCommandTests {
  @Test func both_edges_of_summer_time_are_marked() async throws {
    let box = try Sandbox()
    let spring = try await box.carillon(
      "schedule", "next", "30 2 * * *", "--tz", "Europe/Berlin", "--from", "2026-03-28", "--count", "3")
    #expect(spring.status == 0)
    #expect(spring.lines.count == 4)
    #expect(spring.lines[2].hasPrefix("Sun 2026-03-29 03:00:00 +02:00"))
    #expect(spring.lines[2].contains("for 02:30, which the clocks go forward over: due right after"))
    let autumn = try await box.carillon(
      "schedule", "next", "30 2 * * *", "--tz", "Europe/Berlin", "--from", "2026-10-25", "--count", "2", "--json")
    let instants = try #require(try autumn.json()["instants"] as? [[String: Any]])
    #expect(
      instants.map { $0["local_time"] as? String } == [
        "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00",
      ])
    #expect(instants.map { $0["is_due"] as? Bool } == [true, false, true])
    #expect(instants.map { $0["edge"] as? String } == ["firstOfFold", "foldedRepeat", nil])
  }

  @Test func a_job_and_all_jobs() async throws {
    let box = try Sandbox()
    try box.job("night", "plugin: hello\nschedules: [{cron: '0 2 * * *', zone: UTC}]\nconfig: {count: 1}\n")
    let night = try await box.carillon("schedule", "next", "night", "--from", "2027-01-01 00:00", "--tz", "UTC", "--count", "1")
    #expect(night.lines.last?.hasPrefix("Fri 2027-01-01 02:00:00 +00:00") == true)
    try box.job("noon", "plugin: hello\nschedules: [{cron: '0 12 * * *', zone: Asia/Tokyo}]\nconfig: {count: 1}\n")
    let all = try await box.carillon("schedule", "next", "--from", "2027-01-01T00:00:00Z", "--count", "2")
    #expect(all.lines.count == 3)
    #expect(all.lines[1].hasPrefix("night  ") && all.lines[1].contains("UTC"))
    #expect(all.lines[2].hasPrefix("noon   ") && all.lines[2].contains("Fri 2027-01-01 12:00:00 +09:00"))
    #expect(try await box.carillon("jobs", "show", "noon").output.contains("schedules       0 12 * * *: at 12:00"))
    #expect(try await box.carillon("schedule", "next", "hello").errors == "carillon: job hello has no schedule\n")
  }

  @Test func an_expression_is_explained() async throws {
    let box = try Sandbox()
    let both = try await box.carillon("schedule", "explain", "0 2 13 * 5", "--tz", "UTC")
    #expect(both.status == 0)
    #expect(both.output.contains("it is due when EITHER matches"))
    #expect(both.lines.filter { $0.contains(" 02:00:00 +00:00 ") }.count == 5)
    let hashed = try await box.carillon("schedule", "explain", "H(0-29)/10 H * * *", "--job", "reports", "--json").json()
    let fields = try #require(hashed["fields"] as? [[String: Any]])
    let minutes = try #require(fields.first?["values"] as? [Int])
    #expect(minutes.count == 3 && minutes.allSatisfy { $0 < 30 } && minutes[1] - minutes[0] == 10)
    #expect((hashed["warnings"] as? [String])?.isEmpty == true)
    #expect(try await box.carillon("schedule", "explain", "*/7 * * * *").output.contains("does not go evenly: after minute 56"))
  }

  @Test(arguments: [
    BadInput("schedule next hello --count 0", 64, "--count must be 1 to 10000, is 0"),
    BadInput("schedule next hello --fields 6", 64, "--fields goes with an expression"),
    BadInput("schedule next @daily --tz Europe/Berln", 64, #"there is no zone "Europe/Berln""#),
    BadInput("schedule next helo", 66, #"there is no job "helo"; did you mean "hello"?"#),
    BadInput("schedule next @dayly", 64, "@dayly"),
    BadInput("schedule next @daily --from soon", 64, #"--from "soon" is no time; write one as"#),
    BadInput("schedule explain", 64, "Missing expected argument"),
    BadInput("schedule explain @reboot --fields 8", 64, "--fields must be 5, 6 or 7, is 8"),
    BadInput("status", 75, "no daemon runs: nobody listens on "),
    BadInput("top", 75, "no daemon runs: there is no socket "),
    BadInput("reload", 75, "no daemon runs"),
    BadInput("drain", 75, "start one with \"carillon daemon\""),
    BadInput("pause hello", 75, "no daemon runs"),
    BadInput("resume-job hello", 75, "no daemon runs"),
    BadInput("plugins reload", 75, "no daemon runs"),
    BadInput("trigger hello", 75, "or do it here: carillon run hello"),
    BadInput("trigger hello --overlap skp", 64, #"did you mean "skip"?"#),
    BadInput("backfill hello --from yesterday --to today", 75, "no daemon runs"),
    BadInput("backfill hello --from today --to yesterday", 64, "--from must be before --to"),
    BadInput("why helo", 66, #"there is no job "helo""#),
    BadInput("why hello --fate done", 64, "is no fate of an instant"),
    BadInput("runs --socket /nowhere/s", 75, "there is no socket /nowhere/s"),
  ]) func one_clear_line_and_a_code(_ input: BadInput) async throws {
    let answer = try await Sandbox().carillon(input.arguments)
    #expect(answer.status == input.status)
    #expect(answer.output == "")
    #expect(answer.errors.hasPrefix("carillon: ") && answer.errors.contains(input.says), "\(answer.errors)")
    #expect(answer.errors.split(separator: "\n").count <= 2, "\(answer.errors)")
  }

  @Test func why_without_a_ledger() async throws {
    let box = try Sandbox()
    #expect(try await box.carillon("why", "hello").output == "job hello has no schedule: it runs when somebody asks for it\n")
    try box.job("night", "plugin: hello\nschedules: [{cron: '0 2 * * *', zone: UTC}]\nconfig: {count: 1}\n")
    #expect(try await box.carillon("why", "night").lines.first == "nothing of night has come due since a daemon knows it")
    let never = try await box.carillon("why", "night", "2026-01-05 14:00", "--tz", "UTC")
    #expect(never.lines.first == "night was not due at Mon 2026-01-05 14:00:00 +00:00")
    #expect(never.lines.count == 3)
    #expect(never.lines[1].hasPrefix("  before     Mon 2026-01-05 02:00:00 +00:00"))
    #expect(never.lines[2].hasPrefix("  after      Tue 2026-01-06 02:00:00 +00:00"))
  }
}
