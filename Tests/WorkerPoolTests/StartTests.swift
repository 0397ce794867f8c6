import Foundation
import JobModel
import Testing
import WorkerPool

/// The beginning of a worker, and every way in which it can go wrong: with a word that says what.
@Suite(.timeLimit(.minutes(5))) struct StartTests {
  @Test func aWorkerIsReadyAndSaysWhoItIs() async throws {
    let probe = try Probe()
    let pool = Probe.pool()
    let worker = try await pool.obtain(try Probe.spec(try probe.build()), timeout: .seconds(20)) { _ in }
    #expect(worker.manifest.id == "probe")
    #expect(worker.manifest.version == "1.2.3")
    #expect(worker.manifest.maxInFlight == 7)
    #expect(worker.manifest.itemTimeout == .milliseconds(2_500))
    #expect(!worker.hasFinish)
    #expect(Probe.isAlive(worker.pid))
    await worker.end(grace: .seconds(20), time: SystemTimeSource())
    #expect(!Probe.isAlive(worker.pid))
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    var macro: String
    var code: WorkerPoolError.Code
    var words: String
    var testDescription: String { macro }
  }

  @Test(arguments: [
    Refusal(macro: "NO_ENTRY", code: .refused, words: "exports no carillon_plugin_entry_v1"),
    Refusal(macro: "OLD_ABI", code: .refused, words: "speaks plugin ABI 99."),
    Refusal(macro: "BAD_MANIFEST", code: .manifest, words: "its manifest is not valid"),
    Refusal(macro: "WRONG_MANIFEST", code: .manifest, words: "must be 1 to 4096, is 0"),
    Refusal(macro: "FAIL_IN_CREATE", code: .create, words: "the moon is in the wrong house"),
    Refusal(
      macro: "DIE_IN_CREATE", code: .died,
      words: "was killed by signal 6 (abort) while loading it; it said: first words | last words"),
  ])
  func whatIsWrongIsSaid(_ refusal: Refusal) async throws {
    let probe = try Probe()
    let path = try probe.build(refusal.macro)
    let spec = try Probe.spec(path)
    let error = await #expect(throws: WorkerPoolError.self) {
      _ = try await Probe.pool().obtain(spec, timeout: .seconds(20)) { _ in }
    }
    #expect(error?.code == refusal.code)
    #expect(error?.message.contains(refusal.words) == true, "\(error?.message ?? "")")
  }

  @Test func aFileThatOthersCanWriteIsRefused() async throws {
    let probe = try Probe()
    let path = try probe.build()
    chmod(path, 0o666)
    let error = await #expect(throws: WorkerPoolError.self) { _ = try await Probe.pool().describe(pluginPath: path) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("chmod go-w") == true, "\(error?.message ?? "")")
  }

  @Test func whatIsNoLibraryIsRefusedInTheLoadersWords() async throws {
    let probe = try Probe()
    let path = "\(probe.folder)/text.so"
    try "not a library".write(toFile: path, atomically: false, encoding: .utf8)
    chmod(path, 0o644)
    let error = await #expect(throws: WorkerPoolError.self) { _ = try await Probe.pool().describe(pluginPath: path) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains(path) == true, "\(error?.message ?? "")")
  }

  @Test func aHostThatIsNotThereIsNamed() async throws {
    let pool = WorkerPool(hostPath: "/nowhere/carillon-host", time: SystemTimeSource())
    let error = await #expect(throws: WorkerPoolError.self) { _ = try await pool.describe(pluginPath: "/x.so") }
    #expect(error?.code == .spawn)
    #expect(error?.message.contains("/nowhere/carillon-host") == true)
  }

  @Test func aProgramThatIsNoHostDoesNotHoldUsUp() async throws {
    let pool = WorkerPool(hostPath: "/bin/cat", time: SystemTimeSource())
    let error = await #expect(throws: WorkerPoolError.self) {
      _ = try await pool.describe(pluginPath: "/x.so", timeout: .seconds(20))
    }
    #expect(error?.code == .died)
  }

  @Test func loadingHasATimeLimit() async throws {
    let probe = try Probe()
    let spec = try Probe.spec(try probe.build("HANG_IN_CREATE"))
    let recorder = Recorder()
    let error = await #expect(throws: WorkerPoolError.self) {
      _ = try await Probe.pool().obtain(spec, timeout: .milliseconds(300), listener: recorder.listener)
    }
    #expect(error?.code == .timeout)
    #expect(error?.message.contains("longer than") == true)
    #expect(recorder.end == .signalled(SIGKILL), "it is not waited for")
  }

  @Test func aPluginChecksConfigurationsOneByOne() async throws {
    let probe = try Probe()
    let path = try probe.build()
    let found = try await Probe.pool().check(pluginPath: path, configs: [Array("{}".utf8), Array("{\"a\":1}".utf8)])
    #expect(found.manifest.id == "probe")
    #expect(
      found.diagnostics == [
        [],
        [
          PluginDiagnostic(isError: false, pointer: "/soon", message: "is deprecated"),
          PluginDiagnostic(isError: true, pointer: "/here", message: "is not right"),
        ],
      ])
  }
}
