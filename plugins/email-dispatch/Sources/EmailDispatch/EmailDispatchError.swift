/// Why mail, or the work around it, failed.
package struct EmailDispatchError: Error, Hashable, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// A template that cannot be read, or does not fit a recipient.
    case template
    /// A list of recipients that cannot be read, or a recipient in it.
    case recipients
    /// A file that a message needs: a key, an image, an attachment.
    case file
    /// The mail log cannot be read or written.
    case log
    /// A message that cannot be made.
    case message
  }

  package let code: Code

  /// What happened, to what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension EmailDispatchError: CustomStringConvertible {
  package var description: String { message }
}
