internal import Synchronization

/// Zones that are read once and handed to every schedule in them. For one pass over many schedules; the machine's zone data may change
/// later.
public final class ZoneCache: Sendable {
  private struct Zones {
    var named: [String: ZoneRules] = [:]
    var machine: ZoneRules?
  }

  private let zones = Mutex(Zones())

  public init() {}

  /// As `ZoneRules.load`.
  public func zone(_ identifier: String) throws(CronError) -> ZoneRules {
    if let known = zones.withLock({ $0.named[identifier] }) { return known }
    let zone = try ZoneRules.load(identifier)
    zones.withLock { $0.named[identifier] = zone }
    return zone
  }

  /// As `ZoneRules.system`.
  public func system() throws(CronError) -> ZoneRules {
    if let known = zones.withLock({ $0.machine }) { return known }
    let zone = try ZoneRules.system()
    zones.withLock { $0.machine = zone }
    return zone
  }
}
