import FoundationEssentials

/// Prices by region: those of a file, else the standard ones.
package struct PriceTable: Hashable, Sendable {
  /// As the file has it. `default` stands for the regions that it does not name.
  private struct File: Codable {
    var `default`: Prices?
    var regions: [String: Prices]?
  }

  package let prices: Prices
  /// For the report: where the prices come from, and what to think of them.
  package let source: String

  private static let standardNote =
    "free tier, volume tiers and savings plans are not taken into account"

  /// `file`: the path of a price file; `nil` for the standard prices. Throws `CostOptimizerError.prices`.
  package init(region: String, file: String?) throws(CostOptimizerError) {
    guard let file else {
      prices = .standard
      source = "AWS's list prices of us-east-1, which most regions share (\(Self.standardNote))"
      return
    }
    let contents: File
    do {
      contents = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: file)))
    } catch {
      throw CostOptimizerError(.prices, "the price file \(file) cannot be read: \(Self.reason(error))")
    }
    if let found = contents.regions?[region] {
      prices = found
      source = "\(file), \(region) (\(Self.standardNote))"
    } else if let found = contents.default {
      prices = found
      source = "\(file), default (\(Self.standardNote))"
    } else {
      throw CostOptimizerError(.prices, "the price file \(file) has neither the region \(region) nor a default")
    }
    let all = [
      prices.requestsPerMillion, prices.ephemeralGBSecond, prices.gbSecond.x86, prices.gbSecond.arm,
      prices.provisionedGBSecond.x86, prices.provisionedGBSecond.arm, prices.provisionedRunGBSecond.x86,
      prices.provisionedRunGBSecond.arm,
    ]
    guard all.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw CostOptimizerError(.prices, "the price file \(file) has a price below zero")
    }
  }

  private static func reason(_ error: any Error) -> String {
    if case DecodingError.keyNotFound(let key, let context) = error {
      let place = (context.codingPath + [key]).map(\.stringValue).joined(separator: ".")
      return "\(place) is missing"
    }
    return String(describing: error)
  }
}
