/// What the pretended daemon says and does during a harness's run: the circumstances, and the faults.
public struct Script: Sendable {
  /// The run, as the plugin sees it.
  public var runID = "run-1"
  public var job = "job"

  /// Effects are to be described, never done.
  public var isPlan = false

  /// The JSON document that triggered the run; nil: none.
  public var event: String?

  /// The run's deadline, in microseconds since 1970; 0: none.
  public var deadlineUs: Int64 = 0

  /// The instant that the run stands for, in microseconds since 1970; 0: none.
  public var dueAtUs: Int64 = 0

  /// Secrets by name; any other name is absent.
  public var secrets: [String: String] = [:]

  /// What earlier runs of the job kept: JSON by key.
  public var checkpoints: [String: String] = [:]

  /// The value that the first discovery begins with; nil: from the start.
  public var discoveryCheckpoint: String?

  /// The largest batch; nil: the manifest's `max_in_flight`. More than one batch is under way when it is smaller.
  public var batchSize: Int?

  /// Attempt numbers by item key; 1 for every other.
  public var attempts: [String: Int] = [:]

  /// Fault: these items are cancelled as soon as the plugin begins them (`host->begin`). For a plugin that never says so
  /// there is `PluginHarness.cancel`.
  public var cancelledItems: Set<String> = []

  /// Fault: the chunk with the n-th emitted item (from 1) is answered with CARILLON_CANCELLED, as are all later ones.
  public var cancelDiscoveryAt: Int?

  /// Fault: the chunk with the n-th emitted item (from 1) is answered with CARILLON_ERROR, once. The next `discover` goes on
  /// from the last checkpoint.
  public var breakDiscoveryAt: Int?

  /// Fault: artifacts of these names are refused.
  public var refusedArtifacts: Set<String> = []

  /// Fault: the host's struct ends after so many bytes, as an older host's would; nil: whole.
  public var hostStructSize: Int?

  public init() {}
}
