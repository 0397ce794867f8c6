/// How far the sessions of one user come in each funnel.
struct FunnelScan {
  /// The steps' types by funnel; nil for a type that no event has.
  private let funnels: [[UInt32?]]
  /// By session, for the funnel at hand.
  private var reached: [(step: Int, atUs: Int64, day: Int64)] = []

  init(_ funnels: [Funnel], _ names: Names) {
    self.funnels = funnels.map { $0.steps.map(names.type) }
  }

  /// `events` are in the order of time, so the first that can be a step is the best.
  mutating func scan(
    _ events: [Event], sessions: [UInt32], count: Int, clock: inout Clock, into totals: inout [FunnelKey: Int64]
  ) {
    guard count > 0 else { return }
    for (funnel, steps) in funnels.enumerated() {
      reached.removeAll(keepingCapacity: true)
      for _ in 0..<count { reached.append((0, .min, 0)) }
      for index in events.indices where sessions[index] != SessionNumbers.none {
        let session = Int(sessions[index])
        let step = reached[session].step
        guard step < steps.count, steps[step] == events[index].type, events[index].atUs > reached[session].atUs else {
          continue
        }
        if step == 0 { reached[session].day = clock.day(events[index].atUs) }
        reached[session].step = step + 1
        reached[session].atUs = events[index].atUs
      }
      for session in reached {
        for step in 0..<session.step { totals[FunnelKey(funnel: funnel, day: session.day, step: step), default: 0] += 1 }
      }
    }
  }
}
