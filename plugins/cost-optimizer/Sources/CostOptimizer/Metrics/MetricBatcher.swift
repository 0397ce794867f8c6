package import AWSClient
import Synchronization

/// Gathers the queries of many items into GetMetricData calls of up to 500. One call is under way at a time; meanwhile the next
/// one fills, so that batches are full without a timer, as with a group commit. Thread-safe.
package final class MetricBatcher: Sendable {
  private struct Request {
    var ticket: Int
    var queries: [MetricQuery]
    var window: Window
  }

  private struct State {
    var lastTicket = 0
    /// Whose askers are still there.
    var open: Set<Int> = []
    var waiting: [Request] = []
    var answered: [Int: Result<[MetricSeries], AWSError>] = [:]
    var hasPercentiles: Bool
  }

  private let watch: CloudWatch
  private let gate = Gate(limit: 1)
  private let state: Mutex<State>

  /// With `percentiles` false none is asked for: some endpoints fail a whole call for one of them.
  package init(_ watch: CloudWatch, percentiles: Bool = true) {
    self.watch = watch
    state = Mutex(State(hasPercentiles: percentiles))
  }

  /// A series for each of the queries (at most 500), in their order. One that could not be had, in two calls, is not complete.
  /// Throws for all of them when a call fails as a whole.
  package func series(_ queries: [MetricQuery], in window: Window) async throws(AWSError) -> [MetricSeries] {
    let ticket = state.withLock { state in
      state.lastTicket += 1
      state.open.insert(state.lastTicket)
      state.waiting.append(Request(ticket: state.lastTicket, queries: queries, window: window))
      return state.lastTicket
    }
    defer { forget(ticket) }
    try await gate.enter()
    defer { gate.leave() }
    while true {
      if let answer = state.withLock({ $0.answered.removeValue(forKey: ticket) }) { return try answer.get() }
      try await callOnce()
    }
  }

  private func forget(_ ticket: Int) {
    state.withLock { state in
      state.open.remove(ticket)
      state.waiting.removeAll { $0.ticket == ticket }
      state.answered[ticket] = nil
    }
  }

  /// Makes a call for those that have waited longest. Throws when the calling code was cancelled; the others wait on.
  private func callOnce() async throws(AWSError) {
    let batch = takeBatch()
    guard let window = batch.first?.window else {
      throw AWSError(.invalidRequest, "one item asks for more than the \(CloudWatch.queriesPerCall) queries of a call")
    }
    let result: Result<[MetricSeries], AWSError>
    do throws(AWSError) {
      result = .success(try await ask(batch.flatMap(\.queries), window))
    } catch {
      guard error.code != .cancelled else {
        state.withLock { state in
          state.waiting.insert(contentsOf: batch.filter { state.open.contains($0.ticket) }, at: 0)
        }
        throw error
      }
      result = .failure(error)
    }
    state.withLock { state in
      var begin = 0
      for request in batch {
        let range = begin..<begin + request.queries.count
        begin = range.upperBound
        guard state.open.contains(request.ticket) else { continue }
        state.answered[request.ticket] = result.map { Array($0[range]) }
      }
    }
  }

  private func takeBatch() -> [Request] {
    state.withLock { state in
      var room = CloudWatch.queriesPerCall
      let batch = state.waiting.prefix { request in
        room -= request.queries.count
        return room >= 0 && request.window == state.waiting[0].window
      }
      state.waiting.removeFirst(batch.count)
      return Array(batch)
    }
  }

  private func ask(_ queries: [MetricQuery], _ window: Window) async throws(AWSError) -> [MetricSeries] {
    var series = [MetricSeries](repeating: MetricSeries(), count: queries.count)
    let plain = queries.indices.filter { !queries[$0].isPercentile }
    var wanted = state.withLock { $0.hasPercentiles } ? Array(queries.indices) : plain
    do throws(AWSError) {
      try await fill(&series, wanted, queries, window)
    } catch {
      // An endpoint without percentiles fails the whole call; what fails for another reason fails again.
      guard [.serviceFailed, .refused].contains(error.code), wanted.count > plain.count, !plain.isEmpty else { throw error }
      try await fill(&series, plain, queries, window)
      wanted = plain
      state.withLock { $0.hasPercentiles = false }
    }
    let incomplete = wanted.filter { !series[$0].isComplete }
    if !incomplete.isEmpty { try await fill(&series, incomplete, queries, window) }
    return series
  }

  private func fill(
    _ series: inout [MetricSeries], _ indices: [Int], _ queries: [MetricQuery], _ window: Window
  ) async throws(AWSError) {
    guard !indices.isEmpty else { return }
    let answer = try await watch.metricData(indices.map { queries[$0] }, from: window.from, to: window.to)
    for (index, one) in zip(indices, answer.series) { series[index] = one }
  }
}

extension MetricQuery {
  /// `p95` and its kin.
  fileprivate var isPercentile: Bool {
    statistic.first == "p" && statistic.dropFirst().allSatisfy { $0.isNumber || $0 == "." }
  }
}
