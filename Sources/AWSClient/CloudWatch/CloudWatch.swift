/// Amazon CloudWatch's metrics, read by its JSON protocol.
package struct CloudWatch: Sendable {
  /// Queries that one GetMetricData call takes.
  package static let queriesPerCall = 500

  let caller: ServiceCaller
  package let endpoint: Endpoint

  /// `caller` is one for the service `monitoring`. Without `endpoint` AWS's own of the caller's region.
  package init(_ caller: ServiceCaller, endpoint: Endpoint? = nil) {
    self.caller = caller
    self.endpoint = endpoint ?? .aws(service: "monitoring", region: caller.region)
  }

  /// A series for each of up to 500 queries, in their order, over `from ..< to` (seconds since 1970); pages are followed to their
  /// end. Gives the number of calls too, as each is paid for by its queries.
  package func metricData(
    _ queries: [MetricQuery], from: Int, to: Int
  ) async throws(AWSError) -> (series: [MetricSeries], calls: Int) {
    guard (1...Self.queriesPerCall).contains(queries.count), from < to else {
      throw AWSError(
        .invalidRequest, "GetMetricData takes 1 to \(Self.queriesPerCall) queries and a time span, not \(queries.count)")
    }
    var series = [MetricSeries](repeating: MetricSeries(), count: queries.count)
    var input = MetricDataInput(queries: queries, from: from, to: to)
    var calls = 0
    repeat {
      let page = try await call(input)
      calls += 1
      for result in page.results ?? [] {
        guard let index = Int(result.id.dropFirst()), series.indices.contains(index) else {
          throw AWSError(.malformedResponse, "\(endpoint) answered a query \"\(result.id)\" that nobody asked")
        }
        try series[index].take(result, endpoint)
      }
      if let token = page.nextToken, token == input.nextToken {
        throw AWSError(.malformedResponse, "\(endpoint) answered the same page again and again")
      }
      input.nextToken = page.nextToken.flatMap { $0.isEmpty ? nil : $0 }
    } while input.nextToken != nil
    for index in series.indices { series[index].points.sort { $0.at < $1.at } }
    return (series, calls)
  }

  private func call(_ input: MetricDataInput) async throws(AWSError) -> MetricDataOutput {
    var request = AWSRequest(operation: "GetMetricData", method: "POST", endpoint: endpoint, path: "/")
    request.headers.append(("x-amz-target", "GraniteServiceVersion20100801.GetMetricData"))
    try JSONProtocol.attach(input, to: &request, contentType: "application/x-amz-json-1.0")
    return try await caller.perform(request) { answer throws(AWSError) in
      try JSONProtocol.decode(MetricDataOutput.self, from: try await answer.collect(), endpoint: answer.endpoint)
    }
  }
}

extension MetricSeries {
  fileprivate mutating func take(_ result: MetricDataOutput.Result, _ endpoint: Endpoint) throws(AWSError) {
    let (times, values) = (result.timestamps ?? [], result.values ?? [])
    guard times.count == values.count else {
      throw AWSError(.malformedResponse, "\(endpoint) answered \(times.count) times for \(values.count) values")
    }
    for (time, value) in zip(times, values) { points.append(Point(at: Int(time.seconds), value: value)) }
    // `PartialData` says that a later page has more of this series.
    isComplete = result.statusCode == nil || result.statusCode == "Complete"
    if let said = result.messages?.compactMap(\.value).first { message = said }
  }
}
