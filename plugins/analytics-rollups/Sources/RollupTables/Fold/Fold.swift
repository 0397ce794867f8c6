/// Makes rows of the events of all parts, user by user.
///
/// An actor, so that the next rows are made while the last are written.
package actor Fold {
  /// A batch ends behind the user who fills it.
  private static let rowsPerBatch = 40_000

  private let merge: RunMerge
  private let settings: RollupSettings
  private let owners: OwnerBook
  private let claims: ClaimBook?
  private var clock: Clock
  private var ids = IDSet()
  private var sessionNumbers = SessionNumbers()
  private var sessions: [UInt32] = []
  private var buckets = BucketScan()
  private var funnels: FunnelScan
  private var anomalies: AnomalyScan
  private(set) var totals = Totals()

  /// `owners` says whose an id is that several users have; nil: that is to be found out, in files in `folder`. Throws `invalid`,
  /// `system`.
  init(_ parts: [PartFile], _ settings: RollupSettings, owners: OwnerBook?, folder: String) throws(RollupsError) {
    merge = try RunMerge(parts)
    self.settings = settings
    self.owners = owners ?? OwnerBook()
    claims = owners == nil ? try ClaimBook(in: folder, name: "claims") : nil
    clock = Clock(settings.zone, weekStart: settings.weekStart)
    funnels = FunnelScan(settings.funnels, merge.names)
    anomalies = AnomalyScan(settings.thresholds, merge.names)
  }

  /// The next rows; nil behind the last. Throws `invalid`, `system`.
  func next() throws(RollupsError) -> RowBatch? {
    var batch = RowBatch()
    batch.hours.reserveCapacity(Self.rowsPerBatch + 1_000)
    batch.days.reserveCapacity(Self.rowsPerBatch)
    var hasUser = false
    while batch.hours.count < Self.rowsPerBatch, try merge.next() {
      hasUser = true
      try fold(into: &batch)
    }
    return hasUser ? batch : nil
  }

  /// Behind the last rows: the ids that several users have. Throws `system`.
  func contested() throws(RollupsError) -> Set<UInt64> { try claims?.contested() ?? [] }

  private func fold(into batch: inout RowBatch) throws(RollupsError) {
    var events = merge.events
    totals.duplicates += Int64(ids.removeRepeated(from: &events))
    if !owners.isEmpty {
      let count = events.count
      events.removeAll { !owners.isOwner(merge.serial, of: $0) }
      totals.duplicates += Int64(count - events.count)
    }
    try claims?.add(events, of: merge.serial)
    guard !events.isEmpty else { return }
    totals.users += 1
    totals.events += Int64(events.count)
    sessionNumbers.number(events, into: &sessions)
    buckets.begin(sessions: sessionNumbers.count)
    let nameStart = UInt32(batch.names.count)
    batch.names += merge.user
    let nameCount = UInt32(merge.user.count)
    var clock = clock
    buckets.scan(events, sessions: sessions, key: { clock.hour($0) }) { hour, counts, lastUs in
      batch.hours.append(UserRow(nameStart: nameStart, nameCount: nameCount, bucket: hour, counts: counts, lastUs: lastUs))
      totals.hours[hour, default: Total()].add(counts)
    }
    buckets.scan(events, sessions: sessions, key: { clock.day($0) }) { day, counts, lastUs in
      batch.days.append(UserRow(nameStart: nameStart, nameCount: nameCount, bucket: day, counts: counts, lastUs: lastUs))
      totals.days[day, default: Total()].add(counts)
    }
    buckets.scan(events, sessions: sessions, key: { clock.week(ofDay: clock.day($0)) }) { week, counts, _ in
      totals.weeks[week, default: Total()].add(counts)
    }
    funnels.scan(events, sessions: sessions, count: sessionNumbers.count, clock: &clock, into: &totals.funnels)
    self.clock = clock
    live(events)
    anomalies.scan(events, of: merge.user, idTexts: merge.idTexts, into: &batch.alerts)
  }

  private func live(_ events: [Event]) {
    var index = 0
    while index < events.count {
      let stretch = events[index].atUs / 300_000_000
      var end = index + 1
      while end < events.count, events[end].atUs / 300_000_000 == stretch { end += 1 }
      let key = stretch * 300
      totals.live[key, default: (0, 0)].users += 1
      totals.live[key, default: (0, 0)].requests += Int64(end - index)
      index = end
    }
  }
}
