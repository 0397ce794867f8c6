import AWSClient
import AWSTestServers
import NIOCore
import Testing

@testable import CostOptimizer

@Suite(.timeLimit(.minutes(1))) struct MetricBatcherTests {
  private let queries = FunctionMetrics.Series.allCases.map { $0.query(function: "f") }

  private func withBatcher<Result: Sendable>(
    _ script: @escaping ScriptedServer.Script, _ body: (MetricBatcher, ScriptedServer) async throws -> Result
  ) async throws -> Result {
    try await ScriptedServer.run(script) { server in
      var settings = AWSSettings()
      (settings.region, settings.accessKeyId, settings.secretAccessKey) = ("us-east-1", "AKID", "hidden")
      let connection = AWSConnection(settings, surroundings: Surroundings(sleep: { _ in }))
      let watch = CloudWatch(connection.caller("monitoring"), endpoint: try Endpoint(server.url))
      return try await body(MetricBatcher(watch), server)
    }
  }

  @Test func whoWaitsIsAnsweredTogether() async throws {
    let account = LambdaAccount([Fixture.function("f")])
    try await withBatcher({ request, _ in account.answer(request) }) { batcher, _ in
      let sums = try await withThrowingTaskGroup(of: Double.self) { group in
        for _ in 0..<120 {
          group.addTask { try await batcher.series(queries, in: Fixture.window)[0].points.reduce(0) { $0 + $1.value } }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(sums == Fixture.repeated(30_000, 120))
      #expect(account.mostQueries == 500 && account.allCalls <= 6)
    }
  }

  @Test func moreThanACallHoldsIsRefused() async throws {
    try await withBatcher({ _, _ in ScriptedReply(500) }) { batcher, server in
      let many = Array(repeating: queries[0], count: 501)
      let error = await #expect(throws: AWSError.self) { try await batcher.series(many, in: Fixture.window) }
      #expect(error?.code == .invalidRequest && server.requests.isEmpty)
    }
  }

  @Test func differentWindowsAreDifferentCalls() async throws {
    let account = LambdaAccount([Fixture.function("f")])
    try await withBatcher({ request, _ in account.answer(request) }) { batcher, _ in
      async let month = batcher.series(queries, in: Fixture.window)
      async let week = batcher.series(queries, in: Window(days: 7, before: 1_700_000_000))
      let points = (try await month[0].points.count, try await week[0].points.count)
      #expect(points == (30, 7))
    }
  }

  @Test func aFailedCallFailsAllItWasFor() async throws {
    try await withBatcher({ _, _ in LambdaAccount.error(403, "AccessDenied", "not for you") }) { batcher, server in
      let codes = await withTaskGroup(of: AWSError.Code?.self) { group in
        for _ in 0..<5 {
          group.addTask {
            do throws(AWSError) { _ = try await batcher.series(queries, in: Fixture.window) } catch { return error.code }
            return nil
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes == Array(repeating: .accessDenied, count: 5) && server.requests.count <= 5)
    }
  }

  /// The one that makes the call for all is cancelled: the others' queries are not lost with it.
  @Test func theLastOutlivesCancelledCallers() async throws {
    let account = LambdaAccount([Fixture.function("f")])
    let (arrivals, arrived) = AsyncStream.makeStream(of: Int.self)
    try await withBatcher({ request, number in
      arrived.yield(number)
      return number <= 2 ? ScriptedReply(isSilent: true) : account.answer(request)
    }) { batcher, server in
      var arrivals = arrivals.makeAsyncIterator()
      let first = Task { try await batcher.series(queries, in: Fixture.window) }
      _ = await arrivals.next()
      // These wait, until one of them makes the second call with the queries of the others in it.
      let others = (0..<20).map { _ in Task { try await batcher.series(queries, in: Fixture.window) } }
      let last = Task { try await batcher.series(queries, in: Fixture.window) }
      first.cancel()
      _ = await arrivals.next()
      for other in others { other.cancel() }
      let series = try await last.value
      #expect(series[0].points.count == 30 && server.requests.count >= 3)
      let error = await #expect(throws: AWSError.self) { try await first.value }
      #expect(error?.code == .cancelled)
    }
  }
}
