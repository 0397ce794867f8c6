/// An error after which another attempt would be pointless: thrown from `process`, it makes the item a dead letter at once.
public struct PermanentError: Error, Sendable {
  /// For people: what failed and why.
  public let reason: String

  /// What lies beneath, if anything; its message is appended to the reason.
  public let cause: (any Error)?

  public init(_ reason: String, cause: (any Error)? = nil) {
    self.reason = reason
    self.cause = cause
  }
}

extension PermanentError: CustomStringConvertible {
  public var description: String {
    guard let cause else { return reason }
    return "\(reason): \(errorMessage(cause))"
  }
}
