package import AWSClient

/// The job's `config`. Everything in it may be left out on a machine that is set up for AWS.
package struct CostConfig: Decodable, Hashable, Sendable {
  /// Where Lambda and CloudWatch are, and who asks.
  package var aws = AWSSettings()
  /// How far back is looked, 1 to 90. Default 30.
  package var days = 30
  /// The absolute path of a price file. Default: the list prices of us-east-1.
  package var prices: String?
  /// Whether 95th percentiles are asked for. Default true.
  package var percentiles = true
  package var thresholds = Thresholds()
  /// The absolute path of the `plan.json` that an earlier run left: then the run applies it. Default: the run looks, and
  /// changes nothing.
  package var apply: String?
  package var applying = Applying()

  package init() {}

  private enum CodingKeys: CodingKey {
    case aws, days, prices, percentiles, thresholds, apply, applying
  }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    aws = try keys.decodeIfPresent(AWSSettings.self, forKey: .aws) ?? aws
    days = try keys.decodeIfPresent(Int.self, forKey: .days) ?? days
    prices = try keys.decodeIfPresent(String.self, forKey: .prices)
    percentiles = try keys.decodeIfPresent(Bool.self, forKey: .percentiles) ?? percentiles
    thresholds = try keys.decodeIfPresent(Thresholds.self, forKey: .thresholds) ?? thresholds
    apply = try keys.decodeIfPresent(String.self, forKey: .apply)
    applying = try keys.decodeIfPresent(Applying.self, forKey: .applying) ?? applying
  }
}
