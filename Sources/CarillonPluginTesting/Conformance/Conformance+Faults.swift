import CarillonPlugin

/// How a plugin bears broken discoveries and cancellation.
extension Conformance {
  /// A discovery broken in the middle and taken up again names the same keys.
  func resumption(of run: RunRecord) async -> [Finding] {
    let discovered = await discovery()
    guard discovered.count > 1 else { return [] }
    let harness = harness { $0.breakDiscoveryAt = discovered.count / 2 + 1 }
    do {
      try await harness.create()
      var findings: [Finding] = []
      do {
        try await harness.discover()
        findings.append(
          Finding(rule: .discovery, message: "emit failed, yet discover returned CARILLON_OK"))
      } catch {
        if harness.record.errors.isEmpty {
          findings.append(Finding(rule: .discovery, message: "discover failed without host->error"))
        }
        try await harness.discover()
      }
      try await harness.destroy()
      let keys = Set(harness.record.items.map(\.key))
      if keys != discovered {
        let missing = discovered.subtracting(keys).sorted().prefix(3)
        let added = keys.subtracting(discovered).sorted().prefix(3)
        findings.append(
          Finding(
            rule: .resumption,
            message: "after a break the items differ; missing: \(missing), added: \(added)"))
      }
      return findings + Finding.breaches(harness.record)
    } catch {
      return [Finding(rule: .resumption, message: errorMessage(error))]
    }
  }

  /// `emit` says CARILLON_CANCELLED from the first item on.
  func cancelledDiscovery(of run: RunRecord) async -> [Finding] {
    guard !run.items.isEmpty else { return [] }
    let harness = harness { $0.cancelDiscoveryAt = 1 }
    do {
      try await harness.create()
      var findings: [Finding] = []
      do {
        try await harness.discover()
        findings.append(
          Finding(rule: .discovery, message: "emit said cancelled, yet discover returned CARILLON_OK"))
      } catch {
        // What it should do.
      }
      try await harness.destroy()
      return findings
    } catch {
      return [Finding(rule: .cancellation, message: errorMessage(error))]
    }
  }

  /// Every item is cancelled when it begins, or all at once where the plugin never says so; all are complete within the
  /// grace period.
  func cancelledItems(of run: RunRecord) async -> [Finding] {
    let keys = run.peakInFlight > 0 ? Set(run.items.map(\.key)) : []
    let harness = harness { $0.cancelledItems = keys }
    do {
      try await harness.create()
      do {
        try await harness.discover()
        async let processed: Void = harness.process()
        if keys.isEmpty { harness.cancelAll() }
        try await processed
      } catch {
        try await harness.destroy()
        throw error
      }
      try await harness.destroy()
      return Finding.breaches(harness.record)
    } catch {
      return [Finding(rule: .cancellation, message: errorMessage(error))]
    }
  }

  private func discovery() async -> Set<String> {
    let harness = harness()
    do {
      try await harness.create()
      try await harness.discover()
      try await harness.destroy()
    } catch {
      // The whole run has shown that these work; what differs now shows as a difference of keys.
    }
    return Set(harness.record.items.map(\.key))
  }
}
