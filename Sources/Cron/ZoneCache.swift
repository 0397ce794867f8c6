/// Zones that are read once and handed to every schedule in them. For one pass over many schedules; the machine's zone data may change
/// later.
public final class ZoneCache {
  private var zones: [String: ZoneRules] = [:]
  private var machine: ZoneRules?

  public init() {}

  /// As `ZoneRules.load`.
  public func zone(_ identifier: String) throws(CronError) -> ZoneRules {
    if let known = zones[identifier] { return known }
    let zone = try ZoneRules.load(identifier)
    zones[identifier] = zone
    return zone
  }

  /// As `ZoneRules.system`.
  public func system() throws(CronError) -> ZoneRules {
    if let machine { return machine }
    let zone = try ZoneRules.system()
    machine = zone
    return zone
  }
}
