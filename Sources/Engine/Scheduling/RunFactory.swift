import JobModel
import Store

/// Makes runs to be recorded: ids that do not collide, and delays.
struct RunFactory {
  /// Ids given out in `second`: thirty random bits are few where a thousand runs begin in one second.
  private var taken: Set<RunID> = []
  private var second: Int64 = 0
  private var random: FastRandom

  init(seed: UInt64) { random = FastRandom(state: seed) }

  mutating func id(at now: Timestamp) -> RunID {
    if now.wholeSeconds != second {
      second = now.wholeSeconds
      taken.removeAll(keepingCapacity: true)
    }
    while true {
      let id = RunID(start: now, using: &random)
      if taken.insert(id).inserted { return id }
    }
  }

  /// A run of a job in force.
  /// - Parameter json: the definition as JSON.
  mutating func run(
    of job: JobDefinition, _ json: String, trigger: Trigger, dueAt: Timestamp, notBefore: Timestamp?, at now: Timestamp
  ) -> NewRun {
    var run = NewRun(
      id: id(at: now), job: job, trigger: trigger, createdAt: now, notBefore: notBefore, dueAt: dueAt)
    run.definitionJSON = json
    return run
  }

  /// When the run of an instant may begin: after the job's stable share of `spread`, and a random one of `jitter`.
  mutating func delayed(_ dueAt: Timestamp, _ spec: ScheduleSpec, of job: String, now: Timestamp) -> Timestamp? {
    var delay: Int64 = 0
    if spec.spread > .zero { delay += Int64(Self.hash(job) % UInt64(spec.spread.wholeMicroseconds)) }
    if spec.jitter > .zero { delay += Int64.random(in: 0...spec.jitter.wholeMicroseconds, using: &random) }
    let instant = dueAt + .microseconds(delay)
    return instant > now ? instant : nil
  }

  /// FNV-1a, 64 bits, mixed by SplitMix64's last step: names that differ in a letter lie far apart.
  private static func hash(_ text: String) -> UInt64 {
    var mixed = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

/// SplitMix64 from a random seed. The system's own generator is a call of the kernel for each number, and a thousand ids at one
/// moment need seven thousand.
private struct FastRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
