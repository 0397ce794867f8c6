import AWSClient
import Foundation

/// Prices by region: those of a file, else the standard ones.
package struct PriceTable: Hashable, Sendable {
  /// As the file has it. `default` stands for the regions that it does not name; a class that is not named has the standard
  /// price.
  private struct File: Codable {
    var `default`: [String: ClassPrice]?
    var regions: [String: [String: ClassPrice]]?
  }

  package let prices: Prices
  /// For the report: where the prices come from.
  package let source: String

  /// `file`: the path of a price file; `nil` for the standard prices. Throws `S3LifecycleError.prices`.
  package init(region: String, file: String?) throws(S3LifecycleError) {
    guard let file else {
      prices = .standard
      source = "AWS's list prices of us-east-1" + (region == "us-east-1" ? "" : "; set `prices` for those of \(region)")
      return
    }
    let contents: File
    do {
      contents = try JSONDecoder().decode(File.self, from: Data(contentsOf: URL(filePath: file)))
    } catch {
      throw S3LifecycleError(.prices, "the price file \(file) cannot be read: \(error)")
    }
    guard let found = contents.regions?[region] ?? contents.default else {
      throw S3LifecycleError(.prices, "the price file \(file) has neither the region \(region) nor a default")
    }
    var classes = Prices.standard.classes
    for (name, price) in found {
      let all = [price.gbMonth, price.transitionPer1000, price.retrievalGB, price.monitoringPer1000]
      guard all.allSatisfy({ $0 >= 0 && $0.isFinite }), price.minBytes >= 0, price.minDays >= 0 else {
        throw S3LifecycleError(.prices, "the price file \(file) has a price of \(name) below zero")
      }
      classes[StorageClass(rawValue: name)] = price
    }
    prices = Prices(classes: classes)
    source = "\(file), \(contents.regions?[region] == nil ? "default" : region)"
  }
}
