import JobModel

/// What the overlap policy says of a run that is wanted now.
enum Overlap {
  static let full = "the queue is full"

  /// Why there is to be no run, for people; nil: there is to be one.
  static func refusal(_ policy: OverlapPolicy, _ runs: JobPlaces.Census) -> String? {
    switch policy {
    case .skip where runs.waiting + runs.active > 0: return runs.example.map { "run \($0) has not ended" } ?? ""
    case .queueOne where runs.waiting > 0: return "a run waits already"
    case .cancelOther: return nil
    default: return runs.waiting >= Sweep.queueLimit ? full : nil
    }
  }

  static func lane(_ policy: OverlapPolicy) -> WaitingRun.Lane { policy == .allow ? .beside(limit: .max) : .serial }
}
