/// Why a range, the tables or the work around them failed.
package struct RollupsError: Error, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// The input's bytes are not what its name says, or too many of its lines are no events. Another attempt fails alike.
    case unreadable
    /// The input is gone, or no longer as it was listed: the next run's matter.
    case changed
    /// A part or a setting is not usable; the message says what to do.
    case invalid
    /// The system or SQLite refused: no space, no permission, no memory.
    case system
  }

  package let code: Code

  /// What happened, to what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension RollupsError: CustomStringConvertible {
  package var description: String { message }
}
