import JobModel
import Testing

@testable import Store

@Suite struct JobDefinitionColumnTests {
  @Test func aDefinitionComesBackAsItWas() throws {
    var job = JobDefinition(name: "mail", plugin: "/opt/mail.so")
    job.config = .object(["retry": .object(["own": .int(1)])])
    job.failureBudget = .percent(2.5, floor: 10)
    job.timeouts.item = .milliseconds(1_500)
    job.workers = 3
    job.retry = RetryPolicy(maxAttempts: 9, backoff: .linear, jitter: .none)
    #expect(try JobDefinitionColumn.decode(JSONColumn.encode(job)) == job)
  }

  @Test func whatAnOlderCarillonDidNotWriteTakesItsDefault() throws {
    let job = try JobDefinitionColumn.decode(
      #"{"name":"mail","plugin":"p","retry":{"maxAttempts":2},"timeouts":{},"gone":{"x":1}}"#)
    var expected = JobDefinition(name: "mail", plugin: "p")
    expected.retry.maxAttempts = 2
    #expect(job == expected)
  }

  @Test func whatIsNoDefinitionIsRefused() {
    #expect(throws: (any Error).self) { try JobDefinitionColumn.decode("[]") }
    #expect(throws: (any Error).self) { try JobDefinitionColumn.decode(#"{"name":7}"#) }
  }
}
