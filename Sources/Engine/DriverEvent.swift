import JobModel
import Store
import WorkerPool

/// Something that a run has to react to.
enum DriverEvent: Sendable {
  /// A worker said or did something.
  case worker(SlotID, WorkerEvent)
  /// A worker was asked for, and is there or is not.
  case workerReady(SlotID, Result<Worker, WorkerPoolError>)
  /// Items were stored, those of every insert up to `sequence`. `frames` came from the discovery and earn it credit.
  case inserted(Result<InsertReceipt, StoreError>, sequence: Int, frames: Int, discovery: SlotID?)
  case fetched(ReadyQuery.Lane, Result<ReadyItems, StoreError>)
  case promoted(Result<ReadyItems, StoreError>)
  case nextDue(Result<Timestamp?, StoreError>)
  case recorded(Result<RecordReceipt, StoreError>, RecordedOutcomes)
  /// A worker's request was answered.
  /// A worker was told a secret.
  case learnedSecret([UInt8])
  case answered(SlotID, request: UInt64, WorkerReply)
  /// The run was moved to a state.
  case moved(RunState, Result<Bool, StoreError>)
  /// Something beside the items was stored, or was not.
  case noted(StoreError?)
  /// A wake-up that the run asked for, by the instant that it asked for.
  case tick(Duration)
  case stop(immediately: Bool)
  case cancel(reason: String)
  /// Workers are to be replaced when they are done with what they have.
  case renewWorkers

  /// What it holds, roughly, for the mailbox's bound.
  var approximateBytes: Int {
    switch self {
    case .worker(_, .items(let items, _)): items.approximateBytes
    case .worker(_, .outcomes(let outcomes)): outcomes.bytes.count + outcomes.entries.count * 64
    case .worker(_, .started(let items)): items.count * 16 + 64
    case .worker(_, .checkpoint(let value)): value.count + 64
    case .worker(_, .request(_, .checkpointPut(_, let value))): value.count + 64
    case .worker(_, .report(let json)): json.utf8.count + 64
    case .worker(_, .log(_, _, let message)): message.utf8.count + 64
    case .worker(_, .output(_, let line)): line.utf8.count + 64
    case .worker(_, .event(_, _, let json)): json.utf8.count + 64
    default: 64
    }
  }
}

extension NewItems {
  /// What the batch holds in memory.
  var approximateBytes: Int { bytes.count + entries.count * 24 + 64 }
}

/// Names a worker's place in a run; never used twice in one.
struct SlotID: Hashable, Sendable {
  var raw: Int
}
