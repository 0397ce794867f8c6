/// Why a command, or the list of its items, could not be had.
package struct CommandError: Error, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// The program is not there or cannot be executed. Another attempt would fail alike.
    case program
    /// The account is unknown, or taking it on is not permitted. Another attempt would fail alike.
    case account
    /// The item does not fit the arguments: a missing field, a NUL byte, too long. Another attempt would fail alike.
    case item
    /// A folder or file that the command needs: it may be there later.
    case file
    /// The system refused: no memory, no processes, no descriptors.
    case system
    /// The list of items could not be read to its end.
    case list
  }

  package let code: Code

  /// What happened, to what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Another attempt cannot end otherwise.
  package var isPermanent: Bool { code == .program || code == .account || code == .item }
}

extension CommandError: CustomStringConvertible {
  package var description: String { message }
}
