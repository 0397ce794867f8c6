public import CarillonPlugin

/// Everything that a plugin told its pretended daemon.
public struct RunRecord: Sendable {
  /// The items named, in order, duplicates left out. Those of fan-out follow.
  public internal(set) var items: [TestItem] = []

  /// How many items were named a second time, and ignored.
  public internal(set) var duplicateItems = 0

  /// What the items came to, in order of completion.
  public internal(set) var completions: [Completion] = []

  public internal(set) var logs: [LogLine] = []
  public internal(set) var events: [EmittedEvent] = []
  public internal(set) var artifacts: [String: Artifact] = [:]

  /// Values kept from run to run: JSON by key.
  public internal(set) var checkpoints: [String: String] = [:]

  /// The discovery's checkpoints, in order.
  public internal(set) var discoveryCheckpoints: [String] = []

  /// The newest progress by item key; the discovery's under the empty key.
  public internal(set) var progress: [String: (done: UInt64, total: UInt64)] = [:]

  /// The run's report: JSON; nil when none was set.
  public internal(set) var report: String?

  /// What the plugin said through `host->error`, in order.
  public internal(set) var errors: [String] = []

  /// Breaches of the contract that the host noticed: an item completed twice, an unknown item, a call in the wrong state.
  public internal(set) var breaches: [String] = []

  /// The most items that were begun and not complete at one time; 0 when the plugin never calls `begin`.
  public internal(set) var peakInFlight = 0

  /// The completion of the item of that key; nil when it has none.
  public func completion(_ key: String) -> Completion? {
    completions.first { $0.key == key }
  }
}

/// An item as the store would hold it.
public struct TestItem: Hashable, Sendable {
  public var key: String
  public var payload: [UInt8]
  public var priority: Int32

  public init(key: String, payload: [UInt8], priority: Int32 = 0) {
    self.key = key
    self.payload = payload
    self.priority = priority
  }

  /// An item whose payload is text (JSON, mostly).
  public init(key: String, payload: String, priority: Int32 = 0) {
    self.init(key: key, payload: Array(payload.utf8), priority: priority)
  }

  public var payloadText: String { String(decoding: payload, as: UTF8.self) }
}

/// What an attempt came to.
public struct Completion: Hashable, Sendable {
  public let key: String
  public let kind: Outcome.Kind
  public let reason: String
  public let after: Duration?
  public let dependency: String

  /// JSON; empty for none.
  public let output: String

  /// JSON; empty for none.
  public let effect: String

  /// False: the plugin never completed the item, and the host did in its place.
  public let isByPlugin: Bool

  /// Whether the host had cancelled the item before.
  public let wasCancelled: Bool
}

/// One line of log. `item` is the key, empty for the run.
public struct LogLine: Hashable, Sendable {
  public let item: String
  public let level: Log.Level
  public let message: String

  public init(item: String = "", level: Log.Level = .info, message: String) {
    self.item = item
    self.level = level
    self.message = message
  }
}

/// One event. `item` is the key, empty for the run's own.
public struct EmittedEvent: Hashable, Sendable {
  public let item: String
  public let type: String
  public let json: String

  public init(item: String = "", type: String, json: String) {
    self.item = item
    self.type = type
    self.json = json
  }
}

/// One file left for people.
public struct Artifact: Hashable, Sendable {
  public let mediaType: String
  public let content: [UInt8]

  public init(mediaType: String, content: [UInt8]) {
    self.mediaType = mediaType
    self.content = content
  }

  public var text: String { String(decoding: content, as: UTF8.self) }
}
