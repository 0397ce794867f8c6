package import AWSClient

/// Judges Intelligent-Tiering configurations by AWS's limits (S3 API Reference, "Tiering"; User Guide, "Using S3
/// Intelligent-Tiering"). Pure.
package enum TieringValidator {
  package static let limits = ["ARCHIVE_ACCESS": 90...730, "DEEP_ARCHIVE_ACCESS": 180...730]
  package static let maxConfigurations = 1_000

  package static func findings(_ configurations: [IntelligentTieringConfiguration]) -> [RuleFinding] {
    var found: [RuleFinding] = []
    if configurations.count > maxConfigurations {
      found.append(.error("", "\(configurations.count) configurations; a bucket has at most \(maxConfigurations)"))
    }
    var ids: Set<String> = []
    for configuration in configurations {
      let id = configuration.id
      if id.isEmpty || id.count > 64 || id.wholeMatch(of: /[A-Za-z0-9_.\-]+/) == nil {
        found.append(.error(id, "the id has 1 to 64 letters, digits, dots, hyphens and underscores"))
      }
      if !ids.insert(id).inserted { found.append(.error(id, "another configuration has this id too")) }
      found += tierProblems(configuration).map { .error(id, $0) }
    }
    return found
  }

  private static func tierProblems(_ configuration: IntelligentTieringConfiguration) -> [String] {
    var messages: [String] = []
    if configuration.tierings.isEmpty { messages.append("it names no archive tier: archiveDays or deepArchiveDays") }
    if Set(configuration.tierings.map(\.accessTier)).count < configuration.tierings.count {
      messages.append("a tier is named twice")
    }
    for tiering in configuration.tierings {
      guard let limits = limits[tiering.accessTier] else {
        messages.append("\(tiering.accessTier) is no archive tier")
        continue
      }
      if !limits.contains(tiering.days) {
        messages.append("\(tiering.accessTier) takes \(limits.lowerBound) to \(limits.upperBound) days, not \(tiering.days)")
      }
    }
    let days = configuration.tierings.reduce(into: [:]) { $0[$1.accessTier] = $1.days }
    if let archive = days["ARCHIVE_ACCESS"], let deep = days["DEEP_ARCHIVE_ACCESS"], deep <= archive {
      messages.append("DEEP_ARCHIVE_ACCESS after \(deep) days must come after ARCHIVE_ACCESS after \(archive)")
    }
    return messages
  }
}
