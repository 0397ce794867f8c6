/// Why a request was not done: a problem document of RFC 9457, `application/problem+json`.
package struct ProblemDocument: Codable, Hashable, Sendable {
  package static let mediaType = "application/problem+json"
  package static let typePrefix = "urn:carillon:problem:"

  /// `urn:carillon:problem:` and a code that never changes: a `ControlError.Code`, or one of HTTP's own.
  package var type: String
  /// The same for every problem of the type.
  package var title: String
  /// The HTTP status.
  package var status: Int
  /// One line for a person: what happened, to what, what to do.
  package var detail: String
  /// The path that was asked for.
  package var instance: String?
  /// What is wrong in job files, each by its place.
  package var findings: [FindingDocument]?

  package init(code: String, title: String, status: Int, detail: String, instance: String?, findings: [FindingDocument]) {
    type = Self.typePrefix + code
    self.title = title
    self.status = status
    self.detail = detail
    self.instance = instance
    self.findings = findings.isEmpty ? nil : findings
  }
}

extension ControlError.Code {
  /// The HTTP status that stands for it.
  package var status: Int {
    switch self {
    case .malformed: 400
    case .forbidden: 403
    case .notFound: 404
    case .conflict: 409
    case .invalid: 422
    case .fault: 500
    case .notHere: 501
    case .pluginUnavailable: 502
    case .unavailable: 503
    case .storage: 507
    }
  }

  /// The problem's title.
  package var title: String {
    switch self {
    case .malformed: "What was sent cannot be understood"
    case .forbidden: "The caller may not"
    case .notFound: "There is no such thing"
    case .conflict: "The present state does not allow it"
    case .invalid: "What was sent is wrong"
    case .fault: "A fault of Carillon"
    case .notHere: "Not by this Carillon"
    case .pluginUnavailable: "The plugin cannot be had"
    case .unavailable: "Not now"
    case .storage: "The store failed"
    }
  }
}
