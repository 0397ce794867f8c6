package import AWSClient

extension StorageClass {
  /// The classes that a lifecycle rule may name (S3 User Guide, "Transitioning objects"), the warmest first: objects only ever
  /// go down.
  package static let waterfall: [StorageClass] = [
    .standard, .standardIA, .intelligentTiering, .oneZoneIA, .glacierInstantRetrieval, .glacier, .deepArchive,
  ]

  /// The place in the waterfall; `nil` for a class that AWS does not know.
  package var coldness: Int? { Self.waterfall.firstIndex(of: self) }

  /// Whether an object goes down when it goes from here to there. Not from the unknown.
  package func isWarmer(than other: StorageClass) -> Bool {
    guard let own = coldness, let others = other.coldness else { return false }
    return own < others
  }

  /// Its objects must be restored before they can be read or copied.
  package var needsRestore: Bool { self == .glacier || self == .deepArchive }

  /// Days that an object must have been stored before it may come here, by a rule.
  package var minimumAgeDays: Int { self == .standardIA || self == .oneZoneIA ? 30 : 0 }
}
