package import AWSClient
import RollupTables

/// The job's `config`. Only `source` and `output` are required.
package struct RollupsConfig: Codable, Hashable, Sendable {
  /// A folder on this machine.
  package struct Folder: Codable, Hashable, Sendable {
    /// An absolute path.
    package var folder: String
  }

  /// When something is an anomaly. What is left out is as `Thresholds` has it.
  package struct Anomalies: Codable, Hashable, Sendable {
    package var burstEvents: Int?
    package var burstSeconds: Int?
    /// `"10000.00"`: as text, or a number.
    package var largePurchase: Money?
    package var newCountryDays: Int?
  }

  /// How many lines of a range may be malformed before it counts for nothing.
  package struct Malformed: Codable, Hashable, Sendable {
    package var percent: Double?
    package var floor: Int?
  }

  /// Where raw events are kept by the hour.
  package struct Archive: Codable, Hashable, Sendable {
    /// An absolute path.
    package var folder: String
    /// Hours older than this are removed at a run's end, as of the instant that the run stands for. Default: none is.
    package var keepDays: Int?
  }

  /// Read with everything below it. Symbolic links are not followed.
  package var source: Source
  /// Where the tables are made, and what they are made of is kept. A folder of its own.
  package var output: Folder
  /// How inputs' names end. Default: `.ndjson` and `.jsonl`, plain and with `.gz` or `.zst`.
  package var endings: [String]
  /// In which hours, days and weeks begin: an IANA name. Default `UTC`.
  package var zone: String
  /// Default `monday`.
  package var weekStart: WeekDay
  /// Default: `purchase`, page_view → click → signup → purchase.
  package var funnels: [FunnelConfig]
  package var anomalies: Anomalies
  package var malformed: Malformed
  /// Default: none.
  package var archive: Archive?
  /// Reads inputs whose size and times say that they have not changed. Default false.
  package var verify: Bool
  /// For a source in S3.
  package var aws: AWSSettings

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    source = try values.decode(Source.self, forKey: .source)
    output = try values.decode(Folder.self, forKey: .output)
    endings = try values.decodeIfPresent([String].self, forKey: .endings) ?? Self.standardEndings
    zone = try values.decodeIfPresent(String.self, forKey: .zone) ?? "UTC"
    weekStart = try values.decodeIfPresent(WeekDay.self, forKey: .weekStart) ?? .monday
    funnels = try values.decodeIfPresent([FunnelConfig].self, forKey: .funnels) ?? [.standard]
    anomalies = try values.decodeIfPresent(Anomalies.self, forKey: .anomalies) ?? Anomalies()
    malformed = try values.decodeIfPresent(Malformed.self, forKey: .malformed) ?? Malformed()
    archive = try values.decodeIfPresent(Archive.self, forKey: .archive)
    verify = try values.decodeIfPresent(Bool.self, forKey: .verify) ?? false
    aws = try values.decodeIfPresent(AWSSettings.self, forKey: .aws) ?? AWSSettings()
  }

  static let standardEndings = [".ndjson", ".jsonl"].flatMap { [$0, $0 + ".gz", $0 + ".zst"] }
}

/// A day of the week, as job files name it.
package enum WeekDay: String, Codable, Hashable, Sendable, CaseIterable {
  case sunday, monday, tuesday, wednesday, thursday, friday, saturday

  /// 0 is Sunday.
  var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Steps that a session may go through.
package struct FunnelConfig: Codable, Hashable, Sendable {
  package var name: String
  /// Event types.
  package var steps: [String]

  static let standard = FunnelConfig(name: Funnel.standard.name, steps: Funnel.standard.steps)
}

/// An amount: `"10000.00"`, or a number that is written as a decimal.
package struct Money: Codable, Hashable, Sendable {
  package var cents: Int64

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    let text: String
    do { text = try value.decode(String.self) } catch is DecodingError {
      // A number was read as a double by now; its shortest text is what was written.
      text = "\(try value.decode(Double.self))"
    }
    guard let cents = Array(text.utf8).withUnsafeBufferPointer({ Cents.parse($0) }) else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "\"\(text)\" is no amount; write it as \"10000.00\"")
    }
    self.cents = cents
  }

  package func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(Cents.text(cents))
  }
}
