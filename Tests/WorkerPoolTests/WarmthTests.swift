import Foundation
import JobModel
import Testing
import WorkerPool

/// Idle workers: kept, given out again, and replaced when they are not what is asked for any more.
struct WarmthTests {
  @Test func anIdleWorkerIsGivenOutAgain() async throws {
    let probe = try Probe()
    let pool = Probe.pool()
    let spec = try Probe.spec(try probe.build())
    let first = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    await pool.giveBack(first)
    let again = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    #expect(again.pid == first.pid)
    let second = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    #expect(second.pid != first.pid, "one worker was given out twice")
    await pool.giveBack(again)
    await pool.giveBack(second)
    let other = try await pool.obtain(try Probe.spec(spec.pluginPath, config: "[]"), timeout: .seconds(20)) { _ in }
    #expect(other.pid != first.pid && other.pid != second.pid, "another configuration needs another instance")
    await pool.giveBack(other)
    await pool.shutDown()
    for pid in [first.pid, second.pid, other.pid] { #expect(!Probe.isAlive(pid)) }
  }

  @Test func aWorkerThatDiedWhileIdleIsNotGivenOut() async throws {
    let probe = try Probe()
    let pool = Probe.pool()
    let spec = try Probe.spec(try probe.build())
    let first = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    await pool.giveBack(first)
    kill(first.pid, SIGKILL)
    #expect(await Probe.waits { first.hasEnded })
    let next = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    #expect(next.pid != first.pid)
    #expect(Probe.isAlive(next.pid))
    await pool.giveBack(next)
    await pool.shutDown()
  }

  @Test func aReplacedLibraryGetsANewProcess() async throws {
    let probe = try Probe()
    let pool = Probe.pool()
    let path = try probe.build()
    let before = try Probe.spec(path)
    let old = try await pool.obtain(before, timeout: .seconds(20)) { _ in }
    await pool.giveBack(old)
    let replacement = try probe.build(name: "new.so")
    #expect(rename(replacement, path) == 0)
    let after = try Probe.spec(path)
    #expect(after != before)
    let new = try await pool.obtain(after, timeout: .seconds(20)) { _ in }
    #expect(new.pid != old.pid)
    await pool.giveBack(new)
    await pool.shutDown()
    #expect(!Probe.isAlive(old.pid) && !Probe.isAlive(new.pid))
  }

  @Test func noMoreAreKeptThanTheLimit() async throws {
    let probe = try Probe()
    let pool = Probe.pool(idleLimit: 1)
    let spec = try Probe.spec(try probe.build())
    let first = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    let second = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    await pool.giveBack(first)
    await pool.giveBack(second)
    #expect(await Probe.waits { !Probe.isAlive(second.pid) })
    #expect(Probe.isAlive(first.pid))
    await pool.shutDown()
    #expect(!Probe.isAlive(first.pid))
  }

  @Test func aWorkerThatWillNotLeaveIsKilled() async throws {
    let probe = try Probe()
    let pool = Probe.pool()
    let spec = try Probe.spec(try probe.build("HANG_IN_DESTROY"))
    let worker = try await pool.obtain(spec, timeout: .seconds(20)) { _ in }
    await pool.giveBack(worker)
    await pool.shutDown(grace: .milliseconds(200))
    #expect(!Probe.isAlive(worker.pid))
  }
}
