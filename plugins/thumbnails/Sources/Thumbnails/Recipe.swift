import FoundationEssentials

/// What an output's bytes depend on besides its source. Two runs with equal recipes write the same file.
package struct Recipe: Codable, Hashable, Sendable {
  package var sizes: [ThumbnailSize]
  package var format: ThumbnailsConfig.Format
  package var background: Colour
  package var metadata: ThumbnailsConfig.Metadata
  package var truncated: ThumbnailsConfig.Truncated

  /// Raised when the same recipe begins to give other pixels.
  private var version = 1

  package init(_ config: ThumbnailsConfig) {
    sizes = config.sizes
    format = config.format
    background = config.background
    metadata = config.metadata
    truncated = config.truncated
  }

  /// 16 hexadecimal digits: FNV-1a of the recipe's JSON with sorted keys. It tells changes apart; it is no protection.
  package var hash: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for byte in try encoder.encode(self) {
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
      }
      let digits = String(hash, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
  }
}
