import NIOHTTP1
import Testing

@testable import AWSClient

@Suite struct RetryPolicyTests {
  @Test(arguments: [(1, 0.5), (2, 1), (3, 2), (6, 10), (60, 10)])
  func jitterBelowABoundThatDoubles(attempt: Int, seconds: Double) {
    #expect(RetryPolicy().delay(afterAttempt: attempt, random: 0.5, serverAsks: nil) == .seconds(seconds))
  }

  @Test func theServerIsWaitedFor() {
    #expect(RetryPolicy().delay(afterAttempt: 1, random: 0, serverAsks: .seconds(7)) == .seconds(7))
    #expect(RetryPolicy().delay(afterAttempt: 1, random: 0, serverAsks: .seconds(700)) == .seconds(20))
  }

  @Test func pausesThatServersAskFor() {
    #expect(ServiceCaller.pauseAsked(["retry-after": "3"]) == .seconds(3))
    #expect(ServiceCaller.pauseAsked(["retry-after": "3", "x-amz-retry-after": "1500"]) == .milliseconds(1_500))
    #expect(ServiceCaller.pauseAsked(["retry-after": "-1"]) == nil)
  }

  @Test func aHundredRetriesThenNoMore() {
    let budget = RetryBudget()
    for _ in 0..<100 { #expect(budget.take(for: .transient) == 5) }
    #expect(budget.take(for: .transient) == nil)
    budget.succeeded(after: nil)
    #expect(budget.available == 1)
    budget.succeeded(after: 10)
    #expect(budget.take(for: .timeout) == 10)
    for _ in 0..<200 { budget.succeeded(after: 5) }
    #expect(budget.available == RetryBudget.capacity)
  }

  @Test(
    arguments: [
      (503, "SlowDown", RetryKind.throttled), (429, nil, .throttled), (400, "ThrottlingException", .throttled),
      (500, "InternalError", .transient), (400, "RequestTimeout", .transient), (404, "NoSuchKey", .never),
      (403, "AccessDenied", .never), (400, "ExpiredToken", .expiredCredentials), (412, "PreconditionFailed", .never),
      (301, "PermanentRedirect", .never),
    ] as [(Int, String?, RetryKind)])
  func whatIsTriedAgain(status: Int, code: String?, kind: RetryKind) {
    let error = ServiceFailure.make(
      status: status, serviceCode: code, message: nil, requestID: nil, hostID: nil, region: nil)
    #expect(RetryKind(error) == kind)
  }
}
