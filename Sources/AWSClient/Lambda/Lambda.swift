import Crypto
import Foundation
import NIOCore

/// AWS Lambda's REST and JSON protocol, as far as sizes and costs of functions are concerned.
package struct Lambda: Sendable {
  let caller: ServiceCaller
  package let endpoint: Endpoint

  /// `caller` is one for the service `lambda`. Without `endpoint` AWS's own of the caller's region.
  package init(_ caller: ServiceCaller, endpoint: Endpoint? = nil) {
    self.caller = caller
    self.endpoint = endpoint ?? .aws(service: "lambda", region: caller.region)
  }

  /// The functions of the account in the region, page by page, in the service's order. `withVersions`: each published version is
  /// an entry of its own beside the function's `$LATEST`.
  package func listFunctions(pageSize: Int = 50, withVersions: Bool = false) -> Listing<LambdaFunction> {
    Listing { next throws(AWSError) in
      var query = [(name: "MaxItems", value: String(pageSize))] + next.map { ($0.key, $0.value) }
      if withVersions { query.append(("FunctionVersion", "ALL")) }
      let answer = try await call(FunctionPage.self, "ListFunctions", "GET", "/2015-03-31/functions/", query: query)
      return ListingPage(records: answer.functions ?? [], next: answer.next)
    }
  }

  /// The concurrency reserved for a function; `nil` without a reservation.
  package func reservedConcurrency(of function: String) async throws(AWSError) -> Int? {
    do throws(AWSError) {
      return try await call(
        Reservation.self, "GetFunctionConcurrency", "GET",
        "/2019-09-30/functions/\(PercentEncoding.encode(function))/concurrency"
      ).concurrency
    } catch  where error.serviceCode == "ProvisionedConcurrencyConfigNotFoundException" {
      return nil
    }
  }

  /// The provisioned concurrency of every version and alias of a function.
  package func provisionedConcurrency(of function: String) async throws(AWSError) -> [ProvisionedConcurrency] {
    var all: [ProvisionedConcurrency] = []
    var marker: String?
    repeat {
      var query = [(name: "List", value: "ALL"), (name: "MaxItems", value: "50")]
      if let marker { query.append(("Marker", marker)) }
      let page = try await call(
        ProvisionedPage.self, "ListProvisionedConcurrencyConfigs", "GET",
        "/2019-09-30/functions/\(PercentEncoding.encode(function))/provisioned-concurrency", query: query)
      all += page.configurations ?? []
      marker = page.marker.flatMap { $0.isEmpty ? nil : $0 }
    } while marker != nil
    return all
  }

  /// One function. Throws `notFound`.
  package func function(_ name: String) async throws(AWSError) -> LambdaFunction {
    try await call(
      LambdaFunction.self, "GetFunctionConfiguration", "GET",
      "/2015-03-31/functions/\(PercentEncoding.encode(name))/configuration")
  }

  /// Changes a function's sizes; gives the function as it will be. Throws `conflict` while another change is under way, or
  /// when the revision is not the one named.
  @discardableResult
  package func updateConfiguration(
    of function: String, _ change: LambdaConfigurationChange
  ) async throws(AWSError) -> LambdaFunction {
    try await call(
      LambdaFunction.self, "UpdateFunctionConfiguration", "PUT",
      "/2015-03-31/functions/\(PercentEncoding.encode(function))/configuration", body: change)
  }

  private func call<Answer: Decodable & Sendable>(
    _ type: Answer.Type, _ operation: String, _ method: String, _ path: String,
    query: [(name: String, value: String)] = [], body: LambdaConfigurationChange? = nil
  ) async throws(AWSError) -> Answer {
    var request = AWSRequest(operation: operation, method: method, endpoint: endpoint, path: path)
    request.query = query
    if let body { try JSONProtocol.attach(body, to: &request, contentType: "application/json") }
    return try await caller.perform(request) { answer throws(AWSError) in
      try JSONProtocol.decode(type, from: try await answer.collect(), endpoint: answer.endpoint)
    }
  }

  private struct FunctionPage: Decodable, Sendable {
    var functions: [LambdaFunction]?
    var marker: String?

    var next: [String: String]? { marker.flatMap { $0.isEmpty ? nil : ["Marker": $0] } }

    enum CodingKeys: String, CodingKey {
      case functions = "Functions"
      case marker = "NextMarker"
    }
  }

  private struct Reservation: Decodable, Sendable {
    var concurrency: Int?

    enum CodingKeys: String, CodingKey {
      case concurrency = "ReservedConcurrentExecutions"
    }
  }

  private struct ProvisionedPage: Decodable, Sendable {
    var configurations: [ProvisionedConcurrency]?
    var marker: String?

    enum CodingKeys: String, CodingKey {
      case configurations = "ProvisionedConcurrencyConfigs"
      case marker = "NextMarker"
    }
  }
}
