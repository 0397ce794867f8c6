import ControlAPI
import Foundation
import HTTPTypes

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

  /// The OpenAPI document.
  static func openAPI(_ document: Data) -> Route {
    Route(
      method: .get, path: "/v1/openapi.json", operation: "getOpenAPI", summary: "This document.", parameters: [], body: nil,
      reply: .openAPI, problems: [], limit: usualLimit
    ) { _ throws(ControlError) in .json(status: 200, document) }
  }
}

extension RouteTable {
  /// Every route of the server.
  static func all(
    _ control: any Control, _ probes: Probes, _ metrics: MetricsPage, version: String
  ) throws(ControlError) -> RouteTable {
    let routes = Route.daemon(control) + Route.jobs(control) + Route.runs(control) + Route.own(probes, metrics)
    let document = try OpenAPIDocument(routes: routes + [.openAPI(Data())], version: version).json()
    return RouteTable(routes + [.openAPI(document)])
  }
}
