/// How many messages one domain gets at once, and how fast.
actor DomainGates {
  /// What one may do.
  enum Turn: Sendable {
    case go
    /// Not before so long.
    case later(Duration)
  }

  private struct Gate {
    var limits: DomainConfig
    var inside = 0
    var nextAt: ContinuousClock.Instant?
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let limits: [String: DomainConfig]
  private var gates: [String: Gate] = [:]

  /// So long one waits in place; for longer the item goes back, and others get on.
  private static let patience = Duration.seconds(2)

  init(_ limits: [String: DomainConfig]) {
    self.limits = Dictionary(limits.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether there is anything to wait for at all.
  nonisolated var isOpen: Bool { limits.isEmpty }

  /// Waits for a turn. After `.go`, `leave` must follow.
  func enter(_ domain: String) async -> Turn {
    let domain = domain.lowercased()
    guard let limits = limits[domain] ?? limits["*"] else { return .go }
    var gate = gates[domain] ?? Gate(limits: limits)
    if let perMinute = limits.perMinute {
      let now = ContinuousClock.now
      let turn = max(gate.nextAt ?? now, now)
      let wait = now.duration(to: turn)
      guard wait <= Self.patience else { return .later(wait) }
      gate.nextAt = turn + .seconds(60 / perMinute)
      gates[domain] = gate
      if wait > .zero {
        do { try await Task.sleep(for: wait, clock: .continuous) } catch { return .later(wait) }
      }
      gate = gates[domain] ?? gate
    }
    if let concurrency = limits.concurrency, gate.inside >= concurrency {
      await withCheckedContinuation { continuation in
        gate.waiting.append(continuation)
        gates[domain] = gate
      }
      // Whoever left has given us the place.
      return .go
    }
    gate.inside += 1
    gates[domain] = gate
    return .go
  }

  func leave(_ domain: String) {
    let domain = domain.lowercased()
    guard var gate = gates[domain] else { return }
    if gate.waiting.isEmpty {
      gate.inside -= 1
    } else {
      gate.waiting.removeFirst().resume()
    }
    gates[domain] = gate
  }
}
