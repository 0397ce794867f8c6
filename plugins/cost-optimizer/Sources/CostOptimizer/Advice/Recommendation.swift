/// One thing to do about one function, for a person to decide.
package struct Recommendation: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case unused, memory, timeout, provisioned, architecture, errors, throttles, runtime
  }

  /// How much is known of what it stands on.
  package enum Confidence: String, Codable, Hashable, Sendable, Comparable, CaseIterable {
    case low, medium, high

    package static func < (left: Confidence, right: Confidence) -> Bool {
      allCases.firstIndex(of: left)! < allCases.firstIndex(of: right)!
    }
  }

  package var kind: Kind
  /// What to do, in a few words: `memory 1,024 → 512 MB`.
  package var action: String
  /// US dollars a month, on its own; negative where it costs. 0 for what is about safety.
  package var saving: Double
  /// Where the saving stands on an assumption: between which bounds it lies.
  package var savingAtLeast: Double?
  package var savingAtMost: Double?
  package var confidence: Confidence
  package var reason: String
  /// What an applying run would set; `nil` for what only people can do.
  package var change: ConfigurationChange?
}

/// What UpdateFunctionConfiguration is to set; what is `nil` stays.
package struct ConfigurationChange: Codable, Hashable, Sendable {
  package var memoryMB: Int?
  package var timeoutSeconds: Int?

  package init(memoryMB: Int? = nil, timeoutSeconds: Int? = nil) {
    self.memoryMB = memoryMB
    self.timeoutSeconds = timeoutSeconds
  }
}

/// What following a recommendation does to the workload, so that several can be priced together.
package struct Effect: Hashable, Sendable {
  package var memoryMB: Int?
  package var durationFactor = 1.0
  package var architecture: Architecture?
  package var provisionedUnits: Double?
  package var provisionedShare: Double?
  package var isRemoved = false

  package init() {}

  package func applied(to work: Workload) -> Workload {
    var work = work
    work.memoryMB = memoryMB ?? work.memoryMB
    work.seconds *= durationFactor
    work.architecture = architecture ?? work.architecture
    work.provisionedUnits = provisionedUnits ?? work.provisionedUnits
    work.provisionedShare = provisionedShare ?? work.provisionedShare
    if isRemoved { (work.requests, work.seconds, work.provisionedUnits) = (0, 0, 0) }
    return work
  }
}

/// What a rule says of a function.
package struct Advice: Hashable, Sendable {
  package var recommendation: Recommendation
  package var effect = Effect()
}
