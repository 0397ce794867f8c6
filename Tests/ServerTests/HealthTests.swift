import Foundation
import Engine
@testable import Server
import Testing

@Suite struct HealthTests {
  @Test func aLivingDaemonIsHealthy() async throws {
    try await TestDaemon.with { (daemon: TestDaemon) async throws in
      let client = Client(socket: daemon.socket)
      #expect(try await client.get("/healthz").string("status") == "alive")
      #expect(try await client.get("/readyz").string("status") == "ready")
      daemon.phase.noteDamage("the store is damaged")
      #expect(try await client.get("/readyz").problem() == "unavailable")
      #expect(try await client.post("/v1/jobs/hello/trigger").problem() == "unavailable")
      #expect(try await client.get("/healthz").status == 200)
    }
  }

  @Test func aSchedulerThatDoesNotTurnIsSeen() async throws {
    // Nobody runs this one's loop.
    try await TestDaemon.with(serves: false) { (daemon: TestDaemon) async throws in
      let idle = Scheduler(store: daemon.engine.store, dispatcher: daemon.dispatcher)
      let probes = Probes(engine: daemon.engine, scheduler: idle, phase: daemon.phase, patience: .milliseconds(200))
      #expect(await probes.alive()?.contains("scheduler") == true)
      let phase = DaemonPhase()
      let starting = Probes(engine: daemon.engine, scheduler: idle, phase: phase, patience: .milliseconds(200))
      #expect(await starting.alive() == nil)
      #expect(starting.unready()?.contains("starting") == true)
    }
  }
}
