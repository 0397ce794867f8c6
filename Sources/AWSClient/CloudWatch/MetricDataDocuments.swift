// GetMetricData's documents, by the names of the CloudWatch API reference.

struct MetricDataInput: Encodable, Sendable {
  struct Query: Encodable, Sendable {
    var Id: String
    var MetricStat: Stat
    var ReturnData = true
  }

  struct Stat: Encodable, Sendable {
    var Metric: Metric
    var Period: Int
    var Stat: String
  }

  struct Metric: Encodable, Sendable {
    var Namespace: String
    var MetricName: String
    var Dimensions: [Dimension]
  }

  struct Dimension: Encodable, Sendable {
    var Name: String
    var Value: String
  }

  private var MetricDataQueries: [Query]
  private var StartTime: Int
  private var EndTime: Int
  private var ScanBy = "TimestampAscending"
  var nextToken: String?

  init(queries: [MetricQuery], from: Int, to: Int) {
    MetricDataQueries = queries.enumerated().map { index, query in
      Query(
        Id: "q\(index)",
        MetricStat: Stat(
          Metric: Metric(
            Namespace: query.namespace, MetricName: query.metric,
            Dimensions: query.dimensions.sorted { $0.key < $1.key }.map { Dimension(Name: $0.key, Value: $0.value) }),
          Period: query.periodSeconds, Stat: query.statistic))
    }
    StartTime = from
    EndTime = to
  }

  enum CodingKeys: String, CodingKey {
    case MetricDataQueries, StartTime, EndTime, ScanBy
    case nextToken = "NextToken"
  }
}

struct MetricDataOutput: Decodable, Sendable {
  struct Result: Decodable, Sendable {
    var id: String
    var timestamps: [Timestamp]?
    var values: [Double]?
    /// `Complete`, `PartialData`, `InternalError`, `Forbidden`.
    var statusCode: String?
    var messages: [Message]?

    enum CodingKeys: String, CodingKey {
      case id = "Id"
      case timestamps = "Timestamps"
      case values = "Values"
      case statusCode = "StatusCode"
      case messages = "Messages"
    }
  }

  struct Message: Decodable, Sendable {
    var value: String?

    enum CodingKeys: String, CodingKey {
      case value = "Value"
    }
  }

  /// Seconds since 1970, or a date in text: endpoints differ.
  struct Timestamp: Decodable, Sendable {
    var seconds: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        seconds = number
      } else {
        let text = try container.decode(String.self)
        guard let parsed = CivilDate.secondsSince1970(text) else {
          throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no time")
        }
        seconds = Double(parsed)
      }
    }
  }

  var results: [Result]?
  var nextToken: String?

  enum CodingKeys: String, CodingKey {
    case results = "MetricDataResults"
    case nextToken = "NextToken"
  }
}
