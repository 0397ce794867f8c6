import ControlAPI
import Foundation
import HTTPTypes
import Synchronization

extension Route {
  struct HealthAnswer: Codable, Sendable { var status: String }

  /// For watchers of the process: no part of what may be asked of a Carillon.
  static func own(_ probes: Probes, _ metrics: MetricsPage) -> [Route] {
    [
      .ask(
        .get, "/healthz", "getHealth", "The process is alive: its scheduler and its store's writer make progress.",
        fails: [.unavailable]
      ) { _ throws(ControlError) -> HealthAnswer in
        if let stuck = await probes.alive() { throw ControlError(.unavailable, stuck) }
        return HealthAnswer(status: "alive")
      },
      .ask(
        .get, "/readyz", "getReadiness", "The daemon takes work: it is not starting, draining, or without a sound store.",
        fails: [.unavailable]
      ) { _ throws(ControlError) -> HealthAnswer in
        if let why = probes.unready() { throw ControlError(.unavailable, why) }
        return HealthAnswer(status: "ready")
      },
      Route(
        method: .get, path: "/metrics", operation: "getMetrics", summary: "What the daemon has counted.", parameters: [],
        body: nil, reply: .text(mediaType: PrometheusText.mediaType, summary: "The text format of Prometheus, version 0.0.4."),
        problems: [], limit: usualLimit
      ) { _ throws(ControlError) in .text(mediaType: PrometheusText.mediaType, await metrics.text()) },
    ]
  }

  /// The OpenAPI document of some routes and this one. Written when it is first asked for: it takes a quarter of an empty daemon's
  /// start.
  static func openAPI(of routes: [Route], version: String) -> Route {
    var own = Route(
      method: .get, path: "/v1/openapi.json", operation: "getOpenAPI", summary: "This document.", parameters: [], body: nil,
      reply: .openAPI, problems: [], limit: usualLimit
    ) { _ throws(ControlError) in .json(status: 200, Data()) }
    let document = KeptDocument(OpenAPIDocument(routes: routes + [own], version: version))
    own.answer = { _ throws(ControlError) in .json(status: 200, try document.json()) }
    return own
  }
}

private final class KeptDocument: Sendable {
  private let document: OpenAPIDocument
  private let known = Mutex<Data?>(nil)

  init(_ document: OpenAPIDocument) { self.document = document }

  func json() throws(ControlError) -> Data {
    if let known = known.withLock({ $0 }) { return known }
    let new = try document.json()
    known.withLock { $0 = new }
    return new
  }
}

extension RouteTable {
  /// Every route of the server.
  static func all(_ control: any Control, _ probes: Probes, _ metrics: MetricsPage, version: String) -> RouteTable {
    let routes = Route.daemon(control) + Route.jobs(control) + Route.runs(control) + Route.own(probes, metrics)
    return RouteTable(routes + [.openAPI(of: routes, version: version)])
  }
}
