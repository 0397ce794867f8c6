import ControlAPI
import HTTPTypes
import JobModel

/// Every route, found by path and method.
struct RouteTable: Sendable {
  enum Match {
    /// With the path's placeholders, decoded.
    case route(Route, [String: String])
    case otherMethods([HTTPRequest.Method])
    /// With the nearest path there is.
    case nothing(hint: String?)
    /// A `%` that begins nothing.
    case malformed
  }

  let routes: [Route]
  private let segments: [[Substring]]

  init(_ routes: [Route]) {
    self.routes = routes
    segments = routes.map { $0.path.split(separator: "/", omittingEmptySubsequences: false) }
  }

  /// - Parameter path: as sent, percent-encoded: an encoded slash is part of its segment.
  func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
    let sent = path.split(separator: "/", omittingEmptySubsequences: false)
    var decoded: [String] = []
    for segment in sent.prefix(32) {
      guard let text = segment.percentDecoded else { return .malformed }
      decoded.append(text)
    }
    var methods: [HTTPRequest.Method] = []
    for (index, route) in routes.enumerated() where decoded.count == sent.count {
      guard let values = Self.values(segments[index], decoded) else { continue }
      if route.method == method { return .route(route, values) }
      methods.append(route.method)
    }
    return methods.isEmpty ? .nothing(hint: nearest(to: decoded)) : .otherMethods(methods)
  }

  private static func values(_ template: [Substring], _ sent: [String]) -> [String: String]? {
    guard template.count == sent.count else { return nil }
    var values: [String: String] = [:]
    for (expected, segment) in zip(template, sent) {
      if expected.first == "{" {
        guard !segment.isEmpty else { return nil }
        values[String(expected.dropFirst().dropLast())] = segment
      } else if expected != segment {
        return nil
      }
    }
    return values
  }

  /// The path that was most likely meant: known ones are filled in with what was sent in their placeholders' places.
  private func nearest(to sent: [String]) -> String? {
    guard sent.count < 16, sent.allSatisfy({ $0.utf8.count < 100 }) else { return nil }
    let candidates = segments.map { template in
      template.enumerated().map { index, part in
        part.first == "{" && index < sent.count && !sent[index].isEmpty ? sent[index] : String(part)
      }.joined(separator: "/")
    }
    let path = sent.joined(separator: "/")
    let whole = path.hasSuffix("/") ? String(path.dropLast()) : path
    for known in [whole, "/v1" + whole] where candidates.contains(known) { return known }
    return candidates.nearest(to: whole) ?? candidates.nearest(to: "/v1" + whole)
  }
}
