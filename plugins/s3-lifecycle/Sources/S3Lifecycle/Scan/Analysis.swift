package import AWSClient

/// What a bucket holds, as counts. Memory does not grow with its keys: from 10,000 first prefixes on the rest are one line, but for
/// those that rules may be made for.
package struct Analysis: Codable, Hashable, Sendable {
  package struct Prefix: Codable, Hashable, Sendable {
    package var current = Tally()
    /// In the order of `AgeBand`.
    package var ages = [Tally](repeating: Tally(), count: AgeBand.allCases.count)
    package var noncurrent = Tally()
  }

  package static let maxPrefixes = 10_000
  /// Stands for the first prefixes beyond the most that are told apart.
  package static let otherPrefixes = "(others)"

  package var current = Tally()
  /// In the order of `AgeBand`.
  package var ages = [Tally](repeating: Tally(), count: AgeBand.allCases.count)
  package var classes: [String: Tally] = [:]
  package var noncurrent = Tally()
  /// By time since they were replaced.
  package var noncurrentAges = [Tally](repeating: Tally(), count: AgeBand.allCases.count)
  package var deleteMarkers = 0
  /// By first prefix, with its slash; keys without one are under the empty prefix.
  package var prefixes: [String: Prefix] = [:]
  package var uploads = Uploads()

  /// Uploads in parts that were neither completed nor aborted.
  package struct Uploads: Codable, Hashable, Sendable {
    package var count = 0
    /// Begun more than seven days ago.
    package var old = 0
    /// Seconds since 1970.
    package var oldestAt: Int?

    package init() {}
  }

  package init() {}

  package mutating func add(_ upload: ListedUpload, now: Int) {
    uploads.count += 1
    if now - upload.initiatedAt > 7 * 86_400 { uploads.old += 1 }
    uploads.oldestAt = min(uploads.oldestAt ?? upload.initiatedAt, upload.initiatedAt)
  }

  package mutating func add(_ other: Analysis) {
    current.add(other.current)
    noncurrent.add(other.noncurrent)
    for band in ages.indices {
      ages[band].add(other.ages[band])
      noncurrentAges[band].add(other.noncurrentAges[band])
    }
    for (name, tally) in other.classes { classes[name, default: Tally()].add(tally) }
    deleteMarkers += other.deleteMarkers
    for (name, prefix) in other.prefixes { add(prefix, under: name) }
  }

  mutating func add(_ other: Prefix, under name: String) {
    let isTold = prefixes[name] != nil || prefixes.count < Self.maxPrefixes || StandardRules.prefixes.contains(name)
    let known = isTold ? name : Self.otherPrefixes
    prefixes[known, default: Prefix()].current.add(other.current)
    prefixes[known, default: Prefix()].noncurrent.add(other.noncurrent)
    for band in other.ages.indices { prefixes[known, default: Prefix()].ages[band].add(other.ages[band]) }
  }
}

/// Counts the objects of one listing, whose keys come in order: the first prefix and the class of the one before are most
/// often those of the next. Not shared.
package struct Counter {
  private var analysis = Analysis()
  private var name = ""
  private var prefix = Analysis.Prefix()
  private var storageClass: StorageClass?
  private var classTally = Tally()
  private let now: Int

  package init(now: Int) { self.now = now }

  package mutating func add(_ object: ScannedObject) {
    turn(to: object)
    let band = AgeBand(days: object.ageDays(at: now)).rawValue
    switch object.kind {
    case .deleteMarker:
      analysis.deleteMarkers += 1
      return
    case .noncurrent:
      analysis.noncurrent.add(object.bytes)
      analysis.noncurrentAges[band].add(object.bytes)
      prefix.noncurrent.add(object.bytes)
    case .current:
      analysis.current.add(object.bytes)
      analysis.ages[band].add(object.bytes)
      prefix.current.add(object.bytes)
      prefix.ages[band].add(object.bytes)
    }
    classTally.add(object.bytes)
  }

  /// Everything counted so far.
  package mutating func finish() -> Analysis {
    flushClass()
    flushPrefix()
    return analysis
  }

  private mutating func turn(to object: ScannedObject) {
    if object.storageClass != storageClass {
      flushClass()
      storageClass = object.storageClass
    }
    let key = object.key.utf8
    if !name.isEmpty, key.starts(with: name.utf8) { return }
    let end = key.firstIndex(of: UInt8(ascii: "/")).map { key.index(after: $0) }
    if name.isEmpty, end == nil { return }
    flushPrefix()
    name = end.map { String(object.key[..<$0]) } ?? ""
  }

  private mutating func flushClass() {
    if let storageClass, classTally.objects > 0 { analysis.classes[storageClass.rawValue, default: Tally()].add(classTally) }
    classTally = Tally()
  }

  private mutating func flushPrefix() {
    if prefix.current.objects + prefix.noncurrent.objects > 0 { analysis.add(prefix, under: name) }
    prefix = Analysis.Prefix()
  }
}
