/// Why the store could not do what was asked. Nothing of a failed call is in the store, save where the call
/// goes in pieces and says so.
package struct StoreError: Error, CustomStringConvertible {
  package enum Code: String, Sendable {
    /// The file, its folder or its lock cannot be had: permissions, a path that is no folder.
    case unavailable
    /// Another process holds the store's lock. The message names its pid.
    case locked
    /// No space or quota left. The store is as it was; work can be resumed when there is room.
    case full
    /// SQLite found the file damaged, or the file is not a Carillon store.
    case damaged
    /// The file was written by a newer Carillon.
    case tooNew
    /// Nothing of that name, or a name that fits several.
    case notFound
    /// The change named a state that the row is not in.
    case conflict
    /// Reading or writing failed otherwise.
    case io
  }

  package var code: Code
  /// What happened, to what, and what to do.
  package var message: String
  package var cause: (any Error)?

  package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
    self.code = code
    self.message = message
    self.cause = cause
  }

  package var description: String { message }
}
