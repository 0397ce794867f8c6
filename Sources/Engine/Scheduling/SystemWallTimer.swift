package import JobModel

/// A `WallTimer` of the system: timerfd_create(2) on CLOCK_REALTIME with TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET.
package final class SystemWallTimer: WallTimer {
  package init() {}

  package func wait(until: Timestamp?) async throws -> WallTimerEnd { .woken }
  package func wake() {}
}
