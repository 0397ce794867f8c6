/// What Lambda charges in a region, in US dollars. A second's price depends on the architecture.
package struct Prices: Codable, Hashable, Sendable {
  package struct ByArchitecture: Codable, Hashable, Sendable {
    package var x86: Double
    package var arm: Double

    private enum CodingKeys: String, CodingKey {
      case x86 = "x86_64"
      case arm = "arm64"
    }

    package subscript(_ architecture: Architecture) -> Double { architecture == .x86 ? x86 : arm }
  }

  package var requestsPerMillion: Double
  /// A GB-second of a run, on demand. The first tier: accounts above six billion GB-seconds a month pay less.
  package var gbSecond: ByArchitecture
  /// A GB-second of storage above 512 MB, while a function runs.
  package var ephemeralGBSecond: Double
  /// A GB-second of environments that are kept ready.
  package var provisionedGBSecond: ByArchitecture
  /// A GB-second of a run in one of those, in place of `gbSecond`.
  package var provisionedRunGBSecond: ByArchitecture

  /// Of us-east-1, and of most other regions: aws.amazon.com/lambda/pricing.
  package static let standard = Prices(
    requestsPerMillion: 0.20, gbSecond: ByArchitecture(x86: 0.0000166667, arm: 0.0000133334),
    ephemeralGBSecond: 0.0000000309, provisionedGBSecond: ByArchitecture(x86: 0.0000041667, arm: 0.0000033334),
    provisionedRunGBSecond: ByArchitecture(x86: 0.0000097222, arm: 0.0000077778))
}
