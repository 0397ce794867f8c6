/// Whether a failed attempt may be followed by another, after the standard mode of the AWS SDKs (AWS SDKs and Tools Reference
/// Guide, "Retry behavior").
enum RetryKind: Hashable, Sendable {
  case never
  case transient
  case timeout
  case throttled
  /// The clock was off and has been corrected.
  case clockSkew
  /// The credentials have expired and will be fetched anew.
  case expiredCredentials

  static let throttlingCodes: Set<String> = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "TransactionInProgressException",
    "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown", "PriorRequestNotComplete",
    "EC2ThrottledException", "ServiceQuotaExceededException.Throttling",
  ]
  static let transientCodes: Set<String> = [
    "RequestTimeout", "RequestTimeoutException", "InternalError", "InternalFailure", "ServiceUnavailable",
    "ServiceUnavailableException", "ServiceException", "IDPCommunicationError", "503 SlowDown",
  ]
  static let skewCodes: Set<String> = [
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException", "SignatureDoesNotMatch",
    "AuthFailure",
  ]
  static let expiredCodes: Set<String> = ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"]

  /// Whether the service has said that it did nothing of what was asked.
  var saysNothingWasDone: Bool {
    switch self {
    case .throttled, .clockSkew, .expiredCredentials: true
    case .never, .transient, .timeout: false
    }
  }

  init(_ error: AWSError) {
    self =
      switch error.code {
      case .throttled: .throttled
      case .serviceFailed, .connection: .transient
      case .timeout: .timeout
      default:
        if let code = error.serviceCode, Self.expiredCodes.contains(code) {
          .expiredCredentials
        } else if let code = error.serviceCode, Self.transientCodes.contains(code) {
          .transient
        } else {
          .never
        }
      }
  }
}
