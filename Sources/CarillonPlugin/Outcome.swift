/// What an attempt came to.
///
/// Output and effect are encoded when the outcome is made. A value that cannot be encoded, or whose JSON exceeds 64 KiB,
/// turns the outcome into a failure that says so.
public struct Outcome: Sendable {
  /// The six ends of an attempt.
  public enum Kind: Hashable, Sendable {
    case succeeded
    case skipped
    case retry
    case failed
    case rateLimited
    case unavailable
  }

  public private(set) var kind: Kind

  /// Wait at least this long before the next attempt; nil: as the job's policy says.
  public private(set) var after: Duration?

  /// For people: why. Empty only for `.succeeded`.
  public private(set) var reason: String

  /// What is down; set only for `.unavailable`.
  public private(set) var dependency: String

  /// The JSON document kept with the item; empty for none.
  private(set) var output: [UInt8] = []

  /// The JSON document of what would be done; empty for nothing.
  private(set) var effect: [UInt8] = []

  private init(_ kind: Kind, after: Duration? = nil, reason: String = "", dependency: String = "") {
    self.kind = kind
    self.after = after
    self.reason = reason
    self.dependency = dependency
  }

  /// Done.
  public static var succeeded: Outcome { Outcome(.succeeded) }

  /// Done, with a JSON document (at most 64 KiB) kept with the item.
  public static func succeeded(output: some Encodable) -> Outcome {
    Outcome(.succeeded).withOutput(output)
  }

  /// Done, with a JSON document (at most 64 KiB) kept with the item, taken as it is.
  public static func succeeded(json: [UInt8]) -> Outcome {
    Outcome(.succeeded).with(\.output, json, "output")
  }

  /// Plan mode: nothing was done; `effect` (at most 64 KiB of JSON) is what would be.
  public static func planned(effect: some Encodable) -> Outcome {
    Outcome(.succeeded).withEffect(effect)
  }

  /// Nothing to do. Final, and not a failure.
  public static func skipped(_ reason: String) -> Outcome {
    Outcome(.skipped, reason: reason)
  }

  /// Failed, and worth another attempt. Costs an attempt.
  public static func retry(after: Duration? = nil, _ reason: String) -> Outcome {
    Outcome(.retry, after: after, reason: reason)
  }

  /// Failed for good: a dead letter at once.
  public static func failed(_ reason: String) -> Outcome {
    Outcome(.failed, reason: reason)
  }

  /// Told to slow down. Costs no attempt.
  public static func rateLimited(
    after: Duration? = nil, _ reason: String = "told to slow down"
  ) -> Outcome {
    Outcome(.rateLimited, after: after, reason: reason)
  }

  /// What the item depends on is down: feeds the circuit breaker of that name. Costs no attempt.
  public static func unavailable(
    dependency: String, after: Duration? = nil, _ reason: String? = nil
  ) -> Outcome {
    Outcome(
      .unavailable, after: after, reason: reason ?? "\(dependency) is unavailable",
      dependency: dependency)
  }
}

extension Outcome {
  /// The same outcome with a JSON document kept with the item, whatever its kind.
  public func withOutput(_ value: some Encodable) -> Outcome {
    with(\.output, value, "output")
  }

  /// The same outcome with a description of what would be done (plan mode).
  public func withEffect(_ value: some Encodable) -> Outcome {
    with(\.effect, value, "effect")
  }

  private func with(
    _ field: WritableKeyPath<Outcome, [UInt8]>, _ value: some Encodable, _ name: String
  ) -> Outcome {
    do {
      return with(field, try JSON.document(value), name)
    } catch {
      return .failed("the \(name) could not be encoded as JSON: \(errorMessage(error))")
    }
  }

  private func with(_ field: WritableKeyPath<Outcome, [UInt8]>, _ json: [UInt8], _ name: String) -> Outcome {
    guard json.count <= Limits.outputBytes else {
      return .failed("the \(name) is \(json.count) bytes of JSON; at most \(Limits.outputBytes) are kept")
    }
    var copy = self
    copy[keyPath: field] = json
    return copy
  }
}
