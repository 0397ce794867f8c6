import Foundation
import NIOCore
import Synchronization

/// Lambda and CloudWatch of one account, as far as moto lacks them: pages, the limits of a call, percentiles, provisioned
/// concurrency, revisions. It answers what the API references document, and refuses what they forbid.
package final class LambdaAccount: Sendable {
  package struct Function: Sendable {
    package var name: String
    package var runtime = "python3.13"
    package var architecture = "x86_64"
    package var memoryMB = 1_024
    package var timeoutSeconds = 30
    package var ephemeralMB = 512
    /// How many are published; an alias of provisioned environments needs one.
    package var versions = 0
    /// Environments that are asked for, by alias.
    package var provisioned: [String: Int] = [:]
    /// Values by `Metric Statistic`, one a day from the window's first; shorter and missing ones have no data.
    package var metrics: [String: [Double]] = [:]
    /// How often a series is answered as a failure, by `Metric Statistic`.
    package var failures: [String: Int] = [:]
    fileprivate var revision = 1

    package init(_ name: String) { self.name = name }
  }

  private struct State {
    var functions: [Function]
    var calls: [String: Int] = [:]
    var mostQueries = 0
    var asked: Set<String> = []
    var changes: [String] = []
  }

  /// Points in one answer of GetMetricData; CloudWatch has room for 100,800.
  private let pointsPerPage: Int
  private let state: Mutex<State>
  /// Where each function stands.
  private let places: [String: Int]
  /// Takes a request over: its operation, and how often that was called, this call included.
  private let fault: @Sendable (_ operation: String, _ number: Int) -> ScriptedReply?

  package init(
    _ functions: [Function], pointsPerPage: Int = 100_800,
    fault: @escaping @Sendable (_ operation: String, _ number: Int) -> ScriptedReply? = { _, _ in nil }
  ) {
    state = Mutex(State(functions: functions))
    places = Dictionary(functions.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
    self.pointsPerPage = pointsPerPage
    self.fault = fault
  }

  /// Calls by operation.
  package var calls: [String: Int] { state.withLock { $0.calls } }
  package var allCalls: Int { calls.values.reduce(0, +) }
  package var mostQueries: Int { state.withLock { $0.mostQueries } }
  /// How many pairs of a function and a metric were asked for: a call a metric would take as many.
  package var metricsAsked: Int { state.withLock { $0.asked.count } }
  /// `function memory timeout`, in order.
  package var changes: [String] { state.withLock { $0.changes } }

  package func function(_ name: String) -> Function? { places[name].map { place in state.withLock { $0.functions[place] } } }
  package func change(_ name: String, _ change: (inout Function) -> Void) {
    guard let place = places[name] else { return }
    state.withLock { state in
      change(&state.functions[place])
      state.functions[place].revision += 1
    }
  }

  /// What a `ScriptedServer` is to answer.
  package func answer(_ request: ScriptedRequest) -> ScriptedReply {
    let operation = Self.operation(request)
    let number = state.withLock { state in
      state.calls[operation, default: 0] += 1
      return state.calls[operation] ?? 0
    }
    if let reply = fault(operation, number) { return reply }
    let parts = request.path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    do {
      return switch operation {
      case "ListFunctions": list(request)
      case "ListProvisionedConcurrencyConfigs": provisioned(parts[2])
      case "GetFunctionConfiguration": configuration(parts[2])
      case "UpdateFunctionConfiguration": try update(parts[2], request)
      case "GetMetricData": try metrics(request)
      default: ScriptedReply(404, body: "{}")
      }
    } catch {
      return Self.error(400, "SerializationException", "\(error)")
    }
  }

  private static func operation(_ request: ScriptedRequest) -> String {
    if let target = request.header("x-amz-target") { return String(target.split(separator: ".").last ?? "") }
    let path = request.path
    if path.hasSuffix("/functions/") { return "ListFunctions" }
    if path.hasSuffix("/provisioned-concurrency") { return "ListProvisionedConcurrencyConfigs" }
    if path.hasSuffix("/configuration") {
      return request.method == "PUT" ? "UpdateFunctionConfiguration" : "GetFunctionConfiguration"
    }
    return "unknown"
  }

  package static func error(_ status: Int, _ code: String, _ message: String) -> ScriptedReply {
    ScriptedReply(
      status, headers: [("x-amzn-errortype", code), ("x-amzn-requestid", "req-1")], body: json(["message": message]))
  }

  static func json(_ object: Any) -> String {
    (try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])).map { String(decoding: $0, as: UTF8.self) }
      ?? "{}"
  }
}

// MARK: - Lambda

extension LambdaAccount {
  private func list(_ request: ScriptedRequest) -> ScriptedReply {
    let query = URLComponents(string: request.uri)?.queryItems ?? []
    func value(_ name: String) -> Int? { query.first { $0.name == name }?.value.flatMap { Int($0) } }
    // "Lambda returns up to 50 functions per call", whatever MaxItems says.
    let size = min(value("MaxItems") ?? 50, 50)
    let begin = value("Marker") ?? 0
    let isWhole = query.contains { $0.name == "FunctionVersion" && $0.value == "ALL" }
    let entries = state.withLock { state in
      state.functions.flatMap { function in
        let published = max(function.versions, function.provisioned.isEmpty ? 0 : 1)
        return (0...(isWhole ? published : 0)).map { (function, $0 == 0 ? "$LATEST" : String($0)) }
      }
    }
    let (page, count) = (entries.dropFirst(begin).prefix(size), entries.count)
    var answer: [String: Any] = ["Functions": page.map { Self.description($0, version: $1) }]
    if begin + size < count { answer["NextMarker"] = String(begin + size) }
    return ScriptedReply(body: Self.json(answer))
  }

  private static func description(_ function: Function, version: String = "$LATEST") -> [String: Any] {
    [
      "Version": version,
      "FunctionName": function.name, "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:\(function.name)",
      "Runtime": function.runtime, "MemorySize": function.memoryMB, "Timeout": function.timeoutSeconds,
      "Architectures": [function.architecture], "EphemeralStorage": ["Size": function.ephemeralMB], "PackageType": "Zip",
      "RevisionId": "revision-\(function.revision)", "LastUpdateStatus": "Successful",
    ]
  }

  private func configuration(_ name: String) -> ScriptedReply {
    guard let function = function(name) else { return Self.missing(name) }
    return ScriptedReply(body: Self.json(Self.description(function)))
  }

  private static func missing(_ name: String) -> ScriptedReply {
    error(404, "ResourceNotFoundException", "Function not found: \(name)")
  }

  private func provisioned(_ name: String) -> ScriptedReply {
    guard let function = function(name) else { return Self.missing(name) }
    let configs = function.provisioned.sorted { $0.key < $1.key }.map {
      [
        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:\(name):\($0.key)",
        "RequestedProvisionedConcurrentExecutions": $0.value, "Status": "READY",
      ] as [String: Any]
    }
    return ScriptedReply(body: Self.json(["ProvisionedConcurrencyConfigs": configs]))
  }

  private struct Update: Decodable {
    var MemorySize: Int?
    var Timeout: Int?
    var RevisionId: String?
  }

  private func update(_ name: String, _ request: ScriptedRequest) throws -> ScriptedReply {
    let update = try JSONDecoder().decode(Update.self, from: Data(request.body.readableBytesView))
    guard let function = function(name) else { return Self.missing(name) }
    guard update.RevisionId == nil || update.RevisionId == "revision-\(function.revision)" else {
      return Self.error(412, "PreconditionFailedException", "The revision ID provided does not match")
    }
    guard (128...10_240).contains(update.MemorySize ?? 128), (1...900).contains(update.Timeout ?? 1) else {
      return Self.error(400, "InvalidParameterValueException", "out of range")
    }
    change(name) { function in
      function.memoryMB = update.MemorySize ?? function.memoryMB
      function.timeoutSeconds = update.Timeout ?? function.timeoutSeconds
    }
    let now = self.function(name)
    state.withLock { $0.changes.append("\(name) \(now?.memoryMB ?? 0) \(now?.timeoutSeconds ?? 0)") }
    return configuration(name)
  }
}

// MARK: - CloudWatch

extension LambdaAccount {
  private struct Input: Decodable {
    struct Query: Decodable {
      struct Stat: Decodable {
        struct Metric: Decodable {
          struct Dimension: Decodable {
            var Name: String
            var Value: String
          }
          var Namespace: String
          var MetricName: String
          var Dimensions: [Dimension]
        }
        var Metric: Metric
        var Period: Int
        var Stat: String
      }
      var Id: String
      var MetricStat: Stat
    }
    var MetricDataQueries: [Query]
    var StartTime: Int
    var EndTime: Int
    var NextToken: String?
  }

  private func metrics(_ request: ScriptedRequest) throws -> ScriptedReply {
    let input = try JSONDecoder().decode(Input.self, from: Data(request.body.readableBytesView))
    let queries = input.MetricDataQueries
    guard (1...500).contains(queries.count) else {
      return Self.error(400, "ValidationError", "The collection MetricDataQueries must not have a size greater than 500.")
    }
    guard input.StartTime < input.EndTime, Set(queries.map(\.Id)).count == queries.count,
      queries.allSatisfy({ $0.MetricStat.Period > 0 && $0.MetricStat.Period.isMultiple(of: 60) })
    else { return Self.error(400, "ValidationError", "the query is wrong") }
    state.withLock { state in
      state.mostQueries = max(state.mostQueries, queries.count)
      for query in queries {
        state.asked.insert("\(query.MetricStat.Metric.Dimensions.first?.Value ?? "") \(query.MetricStat.Metric.MetricName)")
      }
    }
    // A page is a run of points over all queries, as the service cuts series in two where its room ends.
    let begin = input.NextToken.flatMap { Int($0) } ?? 0
    var (place, room) = (0, pointsPerPage)
    var results: [[String: Any]] = []
    for query in queries {
      let series = values(query.MetricStat, from: input.StartTime, to: input.EndTime)
      let skipped = min(max(begin - place, 0), series.points.count)
      let taken = series.points.dropFirst(skipped).prefix(room)
      place += series.points.count
      let isLast = skipped + taken.count == series.points.count
      // What was answered in full on an earlier page is not answered again.
      if begin > 0 && place <= begin { continue }
      if room == 0 && !series.points.isEmpty { break }
      room -= taken.count
      results.append([
        "Id": query.Id, "Label": query.MetricStat.Metric.MetricName, "Timestamps": taken.map(\.at),
        "Values": taken.map(\.value),
        "StatusCode": series.isFailed ? "InternalError" : isLast ? "Complete" : "PartialData",
        "Messages": series.isFailed ? [["Code": "InternalError", "Value": "try again"]] : [],
      ])
    }
    var answer: [String: Any] = ["MetricDataResults": results]
    let total = queries.reduce(0) {
      $0 + values($1.MetricStat, from: input.StartTime, to: input.EndTime, isPeek: true).points.count
    }
    if begin + pointsPerPage - room < total { answer["NextToken"] = String(begin + pointsPerPage - room) }
    return ScriptedReply(headers: [("content-type", "application/x-amz-json-1.0")], body: Self.json(answer))
  }

  private func values(
    _ stat: Input.Query.Stat, from: Int, to: Int, isPeek: Bool = false
  ) -> (points: [(at: Int, value: Double)], isFailed: Bool) {
    let key = "\(stat.Metric.MetricName) \(stat.Stat)"
    guard let index = stat.Metric.Dimensions.first.flatMap({ places[$0.Value] }) else { return ([], false) }
    return state.withLock { state in
      if let left = state.functions[index].failures[key], left > 0 {
        if !isPeek { state.functions[index].failures[key] = left - 1 }
        return ([], !isPeek)
      }
      let days = state.functions[index].metrics[key] ?? []
      let points = days.enumerated().map { (at: from + $0.offset * stat.Period, value: $0.element) }.filter { $0.at < to }
      return (points, false)
    }
  }
}
