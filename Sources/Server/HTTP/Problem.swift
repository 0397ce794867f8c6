import ControlAPI
import HTTPTypes

/// Why a request was not done, on its way to becoming a problem document.
struct Problem: Error {
  /// Ends the document's `type`.
  var code: String
  var status: Int
  var title: String
  /// One line for a person: what happened, to what, what to do.
  var detail: String
  var findings: [FindingDocument] = []
  /// Goes into the answer's header.
  var fields: HTTPFields = [:]

  private init(_ code: String, _ status: Int, _ title: String, _ detail: String) {
    self.code = code
    self.status = status
    self.title = title
    self.detail = detail
  }

  init(_ error: ControlError) {
    self.init(error.code.rawValue, error.code.status, error.code.title, error.message)
    findings = error.findings
    if error.code == .unavailable { fields[.retryAfter] = "1" }
  }

  /// The path is known, but not with this method.
  static func method(_ method: HTTPRequest.Method, _ path: String, allowed: [HTTPRequest.Method]) -> Problem {
    let names = allowed.map(\.rawValue).joined(separator: ", ")
    var problem = Problem(
      "method-not-allowed", 405, "The path is not for this method", "\(path) is not for \(method.rawValue), but for \(names)")
    problem.fields[.allow] = names
    return problem
  }

  static func mediaType(_ sent: String?) -> Problem {
    Problem(
      "unsupported-media-type", 415, "The body is no JSON",
      "the body must be application/json" + (sent.map { ", and is said to be \($0)" } ?? ": say so in Content-Type"))
  }

  static func bodyTooLarge(_ limit: Int) -> Problem {
    Problem("content-too-large", 413, "The body is too large", "a request's body may have \(limit) bytes at most")
  }

  static func brokenRequest(_ why: String) -> Problem {
    Problem("bad-request", 400, "That is no HTTP request", "the request cannot be read: \(why)")
  }

  static func headerTooLarge(_ why: String) -> Problem {
    Problem("header-too-large", 431, "The request's header is too large", why)
  }

  static func tooSlow(_ limit: Duration) -> Problem {
    Problem(
      "request-timeout", 408, "The request took too long", "the request was not whole after \(limit.components.seconds) s")
  }

  func document(instance: String?) -> ProblemDocument {
    ProblemDocument(code: code, title: title, status: status, detail: detail, instance: instance, findings: findings)
  }
}
