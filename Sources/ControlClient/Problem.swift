import ControlAPI
import Foundation

/// An RFC 9457 problem document, as the daemon sends one for whatever it does not do.
struct Problem: Decodable {
  static let typePrefix = "urn:carillon:problem:"

  var type: String?
  var title: String?
  var detail: String?
  var findings: [FindingDocument]?

  /// The error that an answer other than 2xx stands for.
  /// - Parameter body: whatever came with it; need not be a problem document.
  static func error(status: UInt, body: Data) -> ControlError {
    let problem: Problem
    do {
      problem = try ControlJSON.decoder.decode(Problem.self, from: body)
    } catch {
      return ControlError(code(status: status), "the daemon answered with HTTP status \(status), and without a reason")
    }
    let named = problem.type.flatMap { $0.hasPrefix(typePrefix) ? $0.dropFirst(typePrefix.count) : nil }
    return ControlError(
      named.flatMap { ControlError.Code(rawValue: String($0)) } ?? code(status: status),
      problem.detail ?? problem.title ?? "the daemon answered with HTTP status \(status)", findings: problem.findings ?? [])
  }

  /// For a server that is none of ours, or newer.
  private static func code(status: UInt) -> ControlError.Code {
    switch status {
    case 403: .forbidden
    case 404: .notFound
    case 409: .conflict
    case 422: .invalid
    case 501: .notHere
    case 502: .pluginUnavailable
    case 503: .unavailable
    case 507: .storage
    case 400..<500: .malformed
    default: .fault
    }
  }
}
