/// The job's `config`. Only `region` is required.
package struct CostConfig: Decodable, Sendable {
  /// Keys, for a job that has its own: `${secret:NAME}` in the job's file.
  package struct Keys: Decodable, Sendable {
    package var accessKeyID: String
    package var secretAccessKey: String
    package var sessionToken: String?

    private enum CodingKeys: String, CodingKey {
      case accessKeyID = "access_key_id"
      case secretAccessKey = "secret_access_key"
      case sessionToken = "session_token"
    }
  }

  /// Whose functions are looked at, and whose prices hold.
  package var region: String
  /// `https://host[:port]` in place of AWS's own, for both services.
  package var endpoint: String?
  /// One profile of the shared files, and no other place, gives the credentials.
  package var profile: String?
  package var credentials: Keys?
  /// How far back is looked, 1 to 90. Default 30.
  package var days = 30
  /// The absolute path of a price file. Default: the list prices of us-east-1.
  package var prices: String?
  /// Whether 95th percentiles are asked for. Default true.
  package var percentiles = true
  package var thresholds = Thresholds()
  package var apply: ApplyConfig?

  private enum CodingKeys: String, CodingKey {
    case region, endpoint, profile, credentials, days, prices, percentiles, thresholds, apply
  }

  package init(region: String) { self.region = region }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    self.init(region: try keys.decode(String.self, forKey: .region))
    endpoint = try keys.decodeIfPresent(String.self, forKey: .endpoint)
    profile = try keys.decodeIfPresent(String.self, forKey: .profile)
    credentials = try keys.decodeIfPresent(Keys.self, forKey: .credentials)
    days = try keys.decodeIfPresent(Int.self, forKey: .days) ?? days
    prices = try keys.decodeIfPresent(String.self, forKey: .prices)
    percentiles = try keys.decodeIfPresent(Bool.self, forKey: .percentiles) ?? percentiles
    thresholds = try keys.decodeIfPresent(Thresholds.self, forKey: .thresholds) ?? thresholds
    apply = try keys.decodeIfPresent(ApplyConfig.self, forKey: .apply)
  }
}
