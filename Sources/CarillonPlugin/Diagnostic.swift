/// One finding about a configuration, as `carillon jobs check` prints it.
public struct Diagnostic: Hashable, Sendable {
  /// Whether the finding forbids a run.
  public enum Severity: Hashable, Sendable {
    case error
    case warning
  }

  public var severity: Severity

  /// Where: a JSON pointer (RFC 6901) into the configuration, e.g. `/sources/0/url`. Empty for the whole.
  public var pointer: String

  /// What is wrong and what to do, for a person.
  public var message: String

  public init(severity: Severity, pointer: String, message: String) {
    self.severity = severity
    self.pointer = pointer
    self.message = message
  }

  /// A finding that forbids a run.
  public static func error(_ message: String, at pointer: String = "") -> Diagnostic {
    Diagnostic(severity: .error, pointer: pointer, message: message)
  }

  /// A finding that a person should see but that forbids nothing.
  public static func warning(_ message: String, at pointer: String = "") -> Diagnostic {
    Diagnostic(severity: .warning, pointer: pointer, message: message)
  }
}

extension Diagnostic: CustomStringConvertible {
  public var description: String {
    "\(severity): \(pointer.isEmpty ? "" : pointer + ": ")\(message)"
  }
}
