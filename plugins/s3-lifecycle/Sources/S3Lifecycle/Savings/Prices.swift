package import AWSClient

/// What a storage class costs, in US dollars. A GB is 2^30 bytes, as AWS bills it; a month has 30.4375 days.
package struct ClassPrice: Codable, Hashable, Sendable {
  /// A month.
  package var gbMonth: Double
  /// To come here, by a rule or by a copy, per 1,000 objects.
  package var transitionPer1000: Double
  /// To be read from here, as a copy does, per GB.
  package var retrievalGB: Double
  /// A smaller object is billed as if it had so many.
  package var minBytes: Int64
  /// A shorter stay is billed as if it had been so many.
  package var minDays: Int
  /// Billed in this class beside each object: index and metadata of the archives.
  package var overheadBytes: Int64
  /// The same, billed in STANDARD.
  package var standardOverheadBytes: Int64
  /// A month per 1,000 objects from 128 KiB on: Intelligent-Tiering's watching.
  package var monitoringPer1000: Double

  init(
    _ gbMonth: Double, transition: Double = 0, retrieval: Double = 0, minBytes: Int64 = 0, minDays: Int = 0,
    overhead: Int64 = 0, standardOverhead: Int64 = 0, monitoring: Double = 0
  ) {
    self.gbMonth = gbMonth
    transitionPer1000 = transition
    retrievalGB = retrieval
    self.minBytes = minBytes
    self.minDays = minDays
    overheadBytes = overhead
    standardOverheadBytes = standardOverhead
    monitoringPer1000 = monitoring
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func number<Value: Decodable>(_ key: CodingKeys, _ fallback: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? fallback
    }
    self.init(
      try values.decode(Double.self, forKey: .gbMonth), transition: try number(.transitionPer1000, 0),
      retrieval: try number(.retrievalGB, 0), minBytes: try number(.minBytes, 0), minDays: try number(.minDays, 0),
      overhead: try number(.overheadBytes, 0), standardOverhead: try number(.standardOverheadBytes, 0),
      monitoring: try number(.monitoringPer1000, 0))
  }
}

/// The prices of one region.
package struct Prices: Hashable, Sendable {
  package let classes: [StorageClass: ClassPrice]

  package static let daysPerMonth = 30.4375
  private static let gb = Double(1 << 30)

  /// AWS's list prices of us-east-1 and of the regions that share them; GLACIER rounded up.
  package static let standard = Prices(classes: [
    .standard: ClassPrice(0.023),
    .intelligentTiering: ClassPrice(0.023, transition: 0.01, monitoring: 0.0025),
    .standardIA: ClassPrice(0.0125, transition: 0.01, retrieval: 0.01, minBytes: 131_072, minDays: 30),
    .oneZoneIA: ClassPrice(0.01, transition: 0.01, retrieval: 0.01, minBytes: 131_072, minDays: 30),
    .glacierInstantRetrieval: ClassPrice(0.004, transition: 0.02, retrieval: 0.03, minBytes: 131_072, minDays: 90),
    .glacier: ClassPrice(
      0.004, transition: 0.03, retrieval: 0.01, minDays: 90, overhead: 32_768, standardOverhead: 8_192),
    .deepArchive: ClassPrice(
      0.00099, transition: 0.05, retrieval: 0.02, minDays: 180, overhead: 32_768, standardOverhead: 8_192),
  ])

  /// What an object costs a month. Classes without a price cost nothing here: objects in them are not moved.
  package func monthly(_ bytes: Int64, in storageClass: StorageClass) -> Double {
    guard let price = classes[storageClass] else { return 0 }
    var cost = Double(max(bytes, price.minBytes) + price.overheadBytes) / Self.gb * price.gbMonth
    if price.standardOverheadBytes > 0, let standard = classes[.standard] {
      cost += Double(price.standardOverheadBytes) / Self.gb * standard.gbMonth
    }
    if price.monitoringPer1000 > 0, bytes >= 131_072 { cost += price.monitoringPer1000 / 1_000 }
    return cost
  }

  /// What a move costs once. `copies`: by a copy of ours, which reads the object where it is, and not by a rule.
  package func move(_ bytes: Int64, from: StorageClass, to: StorageClass, copies: Bool) -> Double {
    let request = (classes[to]?.transitionPer1000 ?? 0) / 1_000
    guard copies else { return request }
    return request + Double(bytes) / Self.gb * (classes[from]?.retrievalGB ?? 0)
  }

  /// What is still billed of the shortest stay when an object leaves after so many days.
  package func earlyEnd(_ bytes: Int64, in storageClass: StorageClass, afterDays days: Double) -> Double {
    let rest = Double(classes[storageClass]?.minDays ?? 0) - days
    return rest > 0 ? rest / Self.daysPerMonth * monthly(bytes, in: storageClass) : 0
  }
}
