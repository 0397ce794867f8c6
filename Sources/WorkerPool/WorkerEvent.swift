package import JobModel

/// What a worker process said or did, in its order. The last one of every worker is `ended`.
package enum WorkerEvent: Sendable {
  case hello(framesVersion: UInt32)
  case loaded(LoadedPlugin)
  case refused(rule: UInt32, message: String)
  case diagnostic(PluginDiagnostic)
  case checked(isValid: Bool)
  case created(CallResult)
  /// Items of the discovery (`parent` nil) or a fan-out of an item.
  case items(NewItems, parent: ItemID?)
  /// Stands for all discovery items before it.
  case checkpoint([UInt8])
  case discovered(CallResult)
  case outcomes(Outcomes)
  /// Items that have been under way for so many microseconds.
  case started([(item: ItemID, microseconds: Int64)])
  case event(item: ItemID?, type: String, json: String)
  case artifact(name: String, mediaType: String, bytes: Int64)
  case log(item: ItemID?, level: LogLevel, message: String)
  case progress(item: ItemID?, done: UInt64, total: UInt64)
  case request(id: UInt64, WorkerRequest)
  case report(String)
  case finished(CallResult)
  /// What the plugin's main thread was doing when the host was asked.
  case pong(call: UInt32, since: Duration, openItems: Int)
  /// One line that the process wrote to its standard output or error.
  case output(isError: Bool, line: String)
  case bye
  /// It broke the contract, or did not answer, and was killed for it.
  case violation(String)
  case ended(WorkerEnd)
}

package enum LogLevel: UInt32, Sendable, Codable, CaseIterable {
  case debug = 1
  case info = 2
  case warning = 3
  case error = 4

  package var name: String { "\(self)" }
}

/// How a call into the plugin came out.
package enum CallResult: Sendable {
  case done
  case cancelled
  /// The plugin's own words.
  case failed(String)
}

/// What a host asks of the daemon. Each is answered by one `REPLY` of its id.
package enum WorkerRequest: Sendable {
  case checkpointGet(key: String)
  case checkpointPut(key: String, value: [UInt8])
  case secret(name: String)
  case results(cursor: UInt64)
}

/// A plugin as its library describes itself.
package struct LoadedPlugin: Sendable {
  package var abiMajor: Int
  package var abiMinor: Int
  package var hasCheck: Bool
  package var hasFinish: Bool
  package var manifestJSON: [UInt8]
}

/// One finding about a configuration.
package struct PluginDiagnostic: Sendable, Hashable {
  package var isError: Bool
  /// RFC 6901, empty for the whole configuration.
  package var pointer: String
  package var message: String

  package init(isError: Bool, pointer: String, message: String) {
    self.isError = isError
    self.pointer = pointer
    self.message = message
  }
}

/// How a worker process ended.
package enum WorkerEnd: Sendable, Hashable {
  case exited(code: Int32)
  case signalled(Int32)

  /// For people: `exited with code 3`, `was killed by signal 11 (segmentation fault)`.
  package var description: String {
    switch self {
    case .exited(let code): "exited with code \(code)"
    case .signalled(let signal):
      "was killed by signal \(signal)" + (Self.names[signal].map { " (\($0))" } ?? "")
    }
  }

  private static let names: [Int32: String] = [
    4: "illegal instruction", 5: "trap", 6: "abort", 7: "bus error", 8: "arithmetic error", 9: "kill",
    11: "segmentation fault", 15: "terminated", 24: "CPU time limit", 31: "bad system call",
  ]
}
