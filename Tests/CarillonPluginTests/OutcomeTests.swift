import CarillonPlugin
import CarillonPluginTesting
import FoundationEssentials
import Testing

@Suite struct OutcomeTests {
  private enum Plain: Error {
    case diskFull(path: String)
  }

  private struct Described: Error, CustomStringConvertible {
    var description: String { "the second line matters:\nE1234" }
  }

  private struct Localized: LocalizedError {
    var errorDescription: String? { "cannot reach the mail server" }
    var failureReason: String? { "connection refused" }
    var recoverySuggestion: String? { "start it" }
  }

  private struct Unencodable: Encodable {
    func encode(to encoder: any Encoder) throws { throw Described() }
  }

  private func outcome(
    _ body: @escaping @Sendable () async throws -> Outcome
  ) async throws -> Completion {
    let harness = Work<Int>(process: { _ in try await body() }).harness()
    harness.add([TestItem(key: "a", payload: "1")])
    return try #require(try await harness.run().completion("a"))
  }

  @Test func allKindsArrive() async throws {
    let done = try await outcome { .succeeded(output: ["n": 1]) }
    #expect((done.kind, done.output) == (.succeeded, #"{"n":1}"#))
    let skipped = try await outcome { .skipped("old") }
    #expect((skipped.kind, skipped.reason) == (.skipped, "old"))
    let retry = try await outcome { .retry(after: .milliseconds(1500), "busy") }
    #expect((retry.kind, retry.reason) == (.retry, "busy"))
    #expect(retry.after == .milliseconds(1500))
    let failed = try await outcome { .failed("no such file") }
    #expect((failed.kind, failed.reason) == (.failed, "no such file"))
    let limited = try await outcome { .rateLimited(after: .seconds(3)) }
    #expect(limited.kind == .rateLimited && limited.after == .seconds(3) && !limited.reason.isEmpty)
    let down = try await outcome { .unavailable(dependency: "smtp.example", after: nil) }
    #expect((down.kind, down.dependency) == (.unavailable, "smtp.example"))
    #expect(down.after == nil && !down.reason.isEmpty)
    let planned = try await outcome { .planned(effect: ["delete": "x"]).withOutput(2) }
    #expect(planned.kind == .succeeded && planned.effect == #"{"delete":"x"}"#)
    #expect(planned.output == "2")
  }

  @Test func thrownErrorsKeepTheirWholeMessage() async throws {
    let plain = try await outcome { throw Plain.diskFull(path: "/var") }
    #expect(plain.kind == .retry)
    #expect(plain.reason.contains("diskFull") && plain.reason.contains("/var"))
    let described = try await outcome { throw Described() }
    #expect(described.reason == Described().description)
    let localized = try await outcome { throw Localized() }
    #expect(localized.reason == "cannot reach the mail server; connection refused; start it")
    let permanent = try await outcome { throw PermanentError("gone", cause: Localized()) }
    #expect(permanent.kind == .failed)
    #expect(permanent.reason.hasPrefix("gone: cannot reach"))
    let cancelled = try await outcome { throw CancellationError() }
    #expect((cancelled.kind, cancelled.reason) == (.retry, "cancelled"))
  }

  @Test func whatCannotBeEncodedFailsAndSaysWhy() async throws {
    let completion = try await outcome { .succeeded(output: Unencodable()) }
    #expect(completion.kind == .failed)
    #expect(completion.reason.contains("output") && completion.reason.contains("E1234"))
  }

  @Test func anOversizedOutputFailsAndNamesTheLimit() async throws {
    let completion = try await outcome {
      .succeeded(output: String(repeating: "x", count: 65_535))
    }
    #expect(completion.kind == .failed)
    #expect(completion.reason.contains("65537") && completion.reason.contains("65536"))
    let fits = try await outcome { .succeeded(output: String(repeating: "x", count: 65_534)) }
    #expect(fits.kind == .succeeded)
  }

  @Test func aReasonIsNeverEmpty() async throws {
    let completion = try await outcome { .failed("") }
    #expect(completion.reason == "no reason given")
  }
}
