import Glibc

/// Jobs that wait for a connection, and how many connections there are.
///
/// Unchecked: all fields are guarded by `lock`, whose address must not change, so it cannot be a `Mutex` with a condition.
final class JobQueue: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var waiting: [Job] = []
  private var head = 0
  private var lanes = 0
  private var idle = 0
  private var closing = 0
  private var isClosed = false
  private var lastID: UInt64 = 0
  private let maxLanes: Int

  init(maxLanes: Int) {
    self.maxLanes = maxLanes
    pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(lock)
    changed.deallocate()
    lock.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }

  func nextID() -> UInt64 {
    locked {
      lastID += 1
      return lastID
    }
  }

  /// Whether the caller is to start a lane for it, which is counted already.
  func add(_ job: Job) -> Bool {
    locked {
      waiting.append(job)
      if idle >= waiting.count - head || lanes >= maxLanes {
        pthread_cond_signal(changed)
        return false
      }
      lanes += 1
      return true
    }
  }

  /// Takes back a job that no lane has; nil when one has it.
  func remove(_ id: UInt64) -> Job? {
    locked {
      guard let index = waiting[head...].firstIndex(where: { $0.id == id }) else { return nil }
      return waiting.remove(at: index)
    }
  }

  /// The next job; nil: the lane is to end.
  func next(idle limit: Duration) -> Job? {
    locked {
      var until = timespec()
      clock_gettime(CLOCK_MONOTONIC, &until)
      let (seconds, attoseconds) = limit.components
      until.tv_sec += Int(seconds)
      until.tv_nsec += Int(attoseconds / 1_000_000_000)
      if until.tv_nsec >= 1_000_000_000 {
        until.tv_nsec -= 1_000_000_000
        until.tv_sec += 1
      }
      while head == waiting.count {
        if isClosed {
          ending()
          return nil
        }
        idle += 1
        let code = pthread_cond_timedwait(changed, lock, &until)
        idle -= 1
        if code == ETIMEDOUT, head == waiting.count {
          // From here on no job is left to this lane.
          ending()
          return nil
        }
      }
      return takeFirst()
    }
  }

  /// A delivery, if one is the next job; does not wait.
  func nextDelivery() -> Job? {
    locked {
      guard head < waiting.count, case .deliver = waiting[head].work else { return nil }
      return takeFirst()
    }
  }

  private func takeFirst() -> Job {
    let job = waiting[head]
    head += 1
    if head == waiting.count {
      waiting.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1_024 {
      waiting.removeFirst(head)
      head = 0
    }
    return job
  }

  /// Counted out before its connection is closed: a job that comes meanwhile gets a lane of its own.
  private func ending() {
    lanes -= 1
    closing += 1
  }

  /// A lane that `next` sent away has closed its connection.
  func laneEnded() {
    locked {
      closing -= 1
      pthread_cond_broadcast(changed)
    }
  }

  /// A lane could not begin. Its job goes back to the sender when no other lane is there to take it.
  func laneFailed(_ reason: String) {
    let orphans: [Job] = locked {
      lanes -= 1
      guard lanes == 0 else { return [] }
      defer {
        waiting = []
        head = 0
      }
      return Array(waiting[head...])
    }
    for job in orphans { job.answer(.unreachable(RelayProblem(needsPerson: false, message: reason))) }
  }

  func close() {
    locked {
      isClosed = true
      pthread_cond_broadcast(changed)
      while lanes + closing > 0 { pthread_cond_wait(changed, lock) }
    }
  }
}
