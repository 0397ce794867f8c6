import Foundation
import Testing

/// The plugin `command` through the real engine.
@Suite(.timeLimit(.minutes(3))) struct CommandPluginTests {
  private let box: Sandbox

  init() throws {
    box = try Sandbox()
    box.environment["CARILLON_PLUGINS"] = Program.products
  }

  @Test func aTemporaryFailureIsTriedAgain() async throws {
    try box.job(
      "flaky",
      """
      plugin: command
      retry: {max_attempts: 3, backoff: fixed, base: 10ms, jitter: none}
      config:
        shell: true
        command: |
          echo "attempt $CARILLON_ATTEMPT of $CARILLON_IDEMPOTENCY_KEY"
          echo "$CARILLON_ATTEMPT" >> \(box.folder)/attempts
          [ "$CARILLON_ATTEMPT" -ge 3 ] || exit 75
      """)
    let answer = try await box.carillon("run", "flaky")
    #expect(answer.status == 0, "\(answer)")
    #expect(try String(contentsOfFile: "\(box.folder)/attempts", encoding: .utf8) == "1\n2\n3\n")
    let item = try await box.carillon("item", "show", "last", "run", "--json").json()
    let output = try #require((item["item"] as? [String: Any])?["output"] as? [String: Any])
    #expect(output["exit_code"] as? Int == 0 && (output["stdout"] as? String)?.hasPrefix("attempt 3 of ") == true)
    let tries = try #require(item["tries"] as? [[String: Any]])
    #expect(tries.count == 2)
    #expect(tries.allSatisfy { ($0["reason"] as? String)?.hasPrefix("exited with 75") == true })
  }

  @Test func whatFailsOtherwiseIsRunOnce() async throws {
    try box.job("broken", "plugin: command\nconfig: {command: [\"sh\", \"-c\", \"echo x >> \(box.folder)/ran; exit 1\"]}\n")
    let answer = try await box.carillon("run", "broken")
    #expect(answer.status == 1)
    #expect(answer.output.contains("run: exited with 1"))
    #expect(try String(contentsOfFile: "\(box.folder)/ran", encoding: .utf8) == "x\n")
  }

  @Test func manyItemsOverSeveralWorkers() async throws {
    try box.file("list", (1...300).map { "item \($0)\n" }.joined())
    try box.job(
      "many",
      """
      plugin: command
      workers: 2
      concurrency: 8
      config:
        command: [sh, -c, 'echo "$1" >> "$0"', "\(box.folder)/done", "{}"]
        items: {file: "\(box.folder)/list"}
      """)
    let answer = try await box.carillon("run", "many")
    #expect(answer.status == 0, "\(answer)")
    let done = try String(contentsOfFile: "\(box.folder)/done", encoding: .utf8).split(separator: "\n")
    #expect(Set(done).count == 300 && done.count == 300)
  }

  /// Whether a process is there and no zombie: not every machine reaps orphans.
  private func isAlive(_ pid: Int32) -> Bool {
    guard let status = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
    return !String(decoding: status, as: UTF8.self).contains(") Z ")
  }

  private func pids() async throws -> [Int32] {
    let file = "\(box.folder)/pids"
    try await eventually { access(file, F_OK) == 0 }
    return try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
  }

  /// A shell that has a child, notes both, and never ends by itself.
  private func endless() throws {
    let folder = box.folder
    try box.job(
      "endless",
      """
      plugin: command
      timeouts: {cancel_grace: 1s}
      config:
        shell: true
        grace: 20s
        command: |
          [ ! -e \(folder)/go ] || exit 0
          (trap 'echo cleaned > \(folder)/clean; exit' TERM; while :; do sleep 0.02; done) &
          echo $$ $! > \(folder)/pids.new
          mv \(folder)/pids.new \(folder)/pids
          wait
      """)
  }

  @Test func aStopEndsTheCommandAndAResumeRunsItAgain() async throws {
    try endless()
    let running = try box.start("run", "endless")
    let pids = try await pids()
    #expect(pids.count == 2 && pids.allSatisfy(isAlive))
    running.signal(SIGTERM)
    #expect(try await running.wait().status == 75)
    // The worker was killed when the job's grace was over; what it had started still got SIGTERM first.
    try await eventually { !pids.contains(where: isAlive) && access("\(box.folder)/clean", F_OK) == 0 }
    try box.file("go", "")
    #expect(try await box.carillon("resume", "last").status == 0)
  }

  @Test func aKilledEngineTakesItsCommandsWithIt() async throws {
    try endless()
    let running = try box.start("run", "endless")
    let pids = try await pids()
    running.signal(SIGKILL)
    try await eventually { !pids.contains(where: isAlive) && access("\(box.folder)/clean", F_OK) == 0 }
  }

  /// The README's examples are jobs as they stand.
  @Test func theExamplesAreValid() async throws {
    let readme = try String(contentsOfFile: "\(Program.root)/plugins/command/README.md", encoding: .utf8)
    let blocks = readme.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    #expect(blocks.count >= 4)
    for (number, block) in blocks.enumerated() {
      try box.file("example-\(number).yaml", block)
      let answer = try await box.carillon("jobs", "check", "\(box.folder)/example-\(number).yaml", "--json").json()
      let errors = (answer["findings"] as? [[String: Any]] ?? []).filter { $0["severity"] as? String == "error" }
      #expect(errors.isEmpty && answer["jobs"] as? Int == 1, "\(block)\n\(errors)")
    }
  }
}
