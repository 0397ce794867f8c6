package import JobModel
import Synchronization
import WorkerPool

/// A run that this process's engine has under way.
package final class ActiveRun: Sendable {
  package let id: RunID
  package let number: RunNumber
  private let driver: RunDriver

  init(id: RunID, number: RunNumber, driver: RunDriver) {
    self.id = id
    self.number = number
    self.driver = driver
  }

  /// How far it is now. Cheap: may be asked many times a second.
  package var progress: RunProgress { driver.board.progress }

  /// Calls `listener` with every log line from now on, on any thread; it must return quickly. The file has them all anyway.
  package func onLog(_ listener: @escaping @Sendable (LogLine) -> Void) { driver.board.setLogListener(listener) }

  /// Stops without loss: nothing new begins, what is under way may end within the grace period, the rest is given back with
  /// nothing charged. The run can be resumed.
  package func stop() { driver.mailbox.post(.stop(immediately: false)) }

  /// Stops at once: workers are killed, their items given back with nothing charged. The run can be resumed.
  package func stopNow() { driver.mailbox.post(.stop(immediately: true)) }

  /// Ends the run as `cancelled`; items that have not ended are cancelled.
  package func cancel(reason: String) { driver.mailbox.post(.cancel(reason: reason)) }

  /// Has workers that are busy with that library (nil: any) replaced when they have finished what they have. Returns how many there
  /// are at present, about.
  package func renewWorkers(ofPlugin path: String?) -> Int {
    guard path == nil || driver.context.spec.pluginPath == path else { return 0 }
    driver.mailbox.post(.renewWorkers)
    return driver.board.progress.workers
  }

  /// Drives the run to its end and says how it came out. Called once.
  package func drive() async throws(EngineError) -> RunResult { try await driver.drive() }
}
