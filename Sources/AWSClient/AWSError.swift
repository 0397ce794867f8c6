/// Why a call to AWS did not succeed. Never carries a credential: what a server says is kept, what was sent is not.
package struct AWSError: Error, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// What was asked cannot be sent: a setting that makes no sense, a key that is empty, a body of another length.
    case invalidRequest
    /// No credentials were found, or those found cannot be used. The message names every place that was tried.
    case credentials
    /// The service does not let these credentials do this (401, 403).
    case accessDenied
    /// The bucket, object, function or configuration does not exist (404).
    case notFound
    /// A condition (`If-Match` and its kin) does not hold, or the object changed meanwhile (304, 409, 412).
    case conflict
    /// The bucket is in another region; `region` names it where the service does (301, 307, 400).
    case wrongRegion
    /// Still throttled after the last attempt.
    case throttled
    /// The service failed (5xx) in every attempt.
    case serviceFailed
    /// The service refused the request as it was (any other 4xx).
    case refused
    /// No connection, or one that broke.
    case connection
    /// No answer in time.
    case timeout
    /// An answer that is not what the service documents.
    case malformedResponse
    /// A body that differs from its checksum.
    case checksumMismatch
    /// A local file could not be read or written.
    case file
    /// The calling code was cancelled.
    case cancelled
  }

  package var code: Code
  /// What happened, to what, and what to do.
  package var message: String
  /// The service as its endpoint names it: `s3`, `lambda`, `monitoring`.
  package var service: String?
  /// The operation by AWS's name: `PutObject`.
  package var operation: String?
  /// The service's own code: `NoSuchKey`.
  package var serviceCode: String?
  /// The service's id of the request, which its support asks for.
  package var requestID: String?
  /// S3's second id (`x-amz-id-2`).
  package var hostID: String?
  package var status: Int?
  /// Where the bucket is, with `wrongRegion`.
  package var region: String?
  /// How often the request was sent.
  package var attempts = 0
  package var cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String {
    var text = ""
    if let service { text += service + (operation.map { ".\($0)" } ?? "") + ": " }
    text += message
    var details: [String] = []
    if let serviceCode { details.append(serviceCode) }
    if let status { details.append("HTTP \(status)") }
    if let requestID { details.append("request \(requestID)") }
    if attempts > 1 { details.append("\(attempts) attempts") }
    if !details.isEmpty { text += " (" + details.joined(separator: ", ") + ")" }
    return text
  }
}
