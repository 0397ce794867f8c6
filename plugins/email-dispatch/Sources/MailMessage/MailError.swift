/// Why a message, or a part of one, cannot be made.
package struct MailError: Error, Hashable, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// An address that no server would take, or one that would change the envelope.
    case address
    /// A header field, a parameter or a file name that would not be one line of one field.
    case header
    /// Nothing to say, or a body that cannot be carried.
    case body
    /// A signing key that is none.
    case key
  }

  package let code: Code

  /// What is wrong, with what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension MailError: CustomStringConvertible {
  package var description: String { message }
}
