import AWSTestServers
import Foundation
import NIOCore
import Testing

@testable import AWSClient

/// Lambda and CloudWatch against moto; paging and the service's own failures against a script, as moto has neither.
@Suite struct MotoTests {
  private func withCaller<Result: Sendable>(
    _ service: String, _ body: (ServiceCaller) async throws -> Result
  ) async throws -> Result {
    var limits = Fixture.quick
    (limits.readTimeout, limits.attemptTimeout) = (.seconds(20), .seconds(20))
    return try await Fixture.withTransport(limits) { transport in
      try await body(
        ServiceCaller(
          service: service, region: "us-east-1", transport: transport, credentials: StaticCredentials(Fixture.credentials)))
    }
  }

  @Test func functionsAreListedAndChanged() async throws {
    let endpoint = try Endpoint(MotoServer.endpoint())
    try await withCaller("lambda") { caller in
      let lambda = Lambda(caller, endpoint: endpoint)
      let name = "f-\(UUID().uuidString.prefix(8))"
      try await Self.createFunction(name, caller, endpoint)
      var found: LambdaFunction?
      for try await page in lambda.listFunctions() { found = page.records.first { $0.name == name } ?? found }
      #expect(found?.memoryMB == 512 && found?.timeoutSeconds == 30 && found?.architectures == ["arm64"])
      #expect(try await lambda.reservedConcurrency(of: name) == nil)
      try await lambda.updateConfiguration(of: name, LambdaConfigurationChange(memoryMB: 256, timeoutSeconds: 9))
      let after = try await lambda.function(name)
      #expect(after.memoryMB == 256 && after.timeoutSeconds == 9)
      let error = await #expect(throws: AWSError.self) { try await lambda.function("nobody") }
      #expect(error?.code == .notFound && error?.serviceCode == "ResourceNotFoundException")
    }
  }

  @Test func metricsComeBack() async throws {
    let endpoint = try Endpoint(MotoServer.endpoint())
    try await withCaller("monitoring") { caller in
      let watch = CloudWatch(caller, endpoint: endpoint)
      let function = "m-\(UUID().uuidString.prefix(8))"
      let hour = Int(Date().timeIntervalSince1970) / 3_600 * 3_600 - 7_200
      try await Self.put(
        metric: "Invocations", function, [(hour + 60, 3), (hour + 120, 4), (hour + 3_660, 5)], caller, endpoint)
      let query = MetricQuery(
        namespace: "AWS/Lambda", metric: "Invocations", dimensions: ["FunctionName": function], periodSeconds: 3_600,
        statistic: "Sum")
      var absent = query
      absent.dimensions = ["FunctionName": "nobody"]
      let (series, calls) = try await watch.metricData([query, absent], from: hour, to: hour + 7_200)
      #expect(calls == 1)
      #expect(series[0].points.map(\.value) == [7, 5] && series[0].isComplete)
      #expect(series[1].points.isEmpty && series[1].isComplete)
    }
  }

  @Test func pagesOfFunctionsAreFollowed() async throws {
    try await ScriptedServer.run({ request, _ in
      request.uri.contains("Marker=m%2F1")
        ? ScriptedReply(body: "{\"Functions\":[{\"FunctionName\":\"b\",\"FunctionArn\":\"arn:b\"}],\"NextMarker\":\"\"}")
        : ScriptedReply(body: "{\"Functions\":[{\"FunctionName\":\"a\",\"FunctionArn\":\"arn:a\"}],\"NextMarker\":\"m/1\"}")
    }) { server in
      try await withCaller("lambda") { caller in
        var names: [String] = []
        for try await page in Lambda(caller, endpoint: try Endpoint(server.url)).listFunctions(pageSize: 1) {
          names += page.records.map(\.name)
        }
        #expect(names == ["a", "b"])
      }
    }
  }

  @Test func aSeriesThatFailedIsNotComplete() async throws {
    try await ScriptedServer.run({ request, _ in
      String(buffer: request.body).contains("NextToken")
        ? ScriptedReply(
          body: """
            {"MetricDataResults":[{"Id":"q0","StatusCode":"Complete","Timestamps":[60],"Values":[1.5]},
            {"Id":"q1","StatusCode":"InternalError","Timestamps":[],"Values":[],"Messages":[{"Code":"x","Value":"broke"}]}]}
            """)
        : ScriptedReply(
          body:
            "{\"MetricDataResults\":[{\"Id\":\"q0\",\"StatusCode\":\"PartialData\",\"Timestamps\":[120],\"Values\":[2]}],\"NextToken\":\"t\"}"
        )
    }) { server in
      try await withCaller("monitoring") { caller in
        let query = MetricQuery(namespace: "N", metric: "M", dimensions: [:], periodSeconds: 60, statistic: "Sum")
        let (series, calls) = try await CloudWatch(caller, endpoint: try Endpoint(server.url))
          .metricData([query, query, query], from: 0, to: 600)
        #expect(calls == 2)
        #expect(series[0].isComplete && series[0].points.map(\.value) == [1.5, 2])
        #expect(!series[1].isComplete && series[1].message == "broke")
        #expect(!series[2].isComplete)
      }
    }
  }

  private static func createFunction(_ name: String, _ caller: ServiceCaller, _ endpoint: Endpoint) async throws {
    // moto looks for the role; IAM has no other use here.
    let role = "r-\(name)"
    var iam = AWSRequest(operation: "CreateRole", method: "POST", endpoint: endpoint, path: "/")
    iam.body = .bytes(
      ByteBuffer(
        string:
          "Action=CreateRole&Version=2010-05-08&RoleName=\(role)&AssumeRolePolicyDocument=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D"
      ))
    iam.headers = [("content-type", "application/x-www-form-urlencoded")]
    let iamCaller = ServiceCaller(
      service: "iam", region: "us-east-1", transport: caller.transport, credentials: caller.credentials)
    _ = try await iamCaller.perform(iam) { answer throws(AWSError) in try await answer.collect() }
    struct New: Encodable {
      var FunctionName: String
      var Role: String
      var Runtime = "python3.12"
      var Handler = "h.h"
      var MemorySize = 512
      var Timeout = 30
      var Architectures = ["arm64"]
      // An empty zip.
      var Code = ["ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="]
    }
    var request = AWSRequest(operation: "CreateFunction", method: "POST", endpoint: endpoint, path: "/2015-03-31/functions")
    try JSONProtocol.attach(
      New(FunctionName: name, Role: "arn:aws:iam::123456789012:role/\(role)"), to: &request, contentType: "application/json")
    _ = try await caller.perform(request) { answer throws(AWSError) in try await answer.collect() }
  }

  private static func put(
    metric: String, _ function: String, _ points: [(at: Int, value: Double)], _ caller: ServiceCaller, _ endpoint: Endpoint
  ) async throws {
    struct Dimension: Encodable {
      var Name: String
      var Value: String
    }
    struct Datum: Encodable {
      var MetricName: String
      var Dimensions: [Dimension]
      var Timestamp: Int
      var Value: Double
    }
    struct Put: Encodable {
      var Namespace = "AWS/Lambda"
      var MetricData: [Datum]
    }
    var request = AWSRequest(operation: "PutMetricData", method: "POST", endpoint: endpoint, path: "/")
    request.headers = [("x-amz-target", "GraniteServiceVersion20100801.PutMetricData")]
    let data = points.map {
      Datum(
        MetricName: metric, Dimensions: [Dimension(Name: "FunctionName", Value: function)], Timestamp: $0.at, Value: $0.value)
    }
    try JSONProtocol.attach(Put(MetricData: data), to: &request, contentType: "application/x-amz-json-1.0")
    _ = try await caller.perform(request) { answer throws(AWSError) in try await answer.collect() }
  }
}
