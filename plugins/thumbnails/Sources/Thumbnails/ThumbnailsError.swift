/// Why an image, or the work around it, failed.
package struct ThumbnailsError: Error, Sendable {
  /// The closed list of reasons.
  package enum Code: Hashable, Sendable {
    /// The bytes are no image that the libraries read, or a damaged one. Another attempt would fail alike.
    case unreadable
    /// The image is larger than the configured limits. Another attempt would fail alike.
    case overLimit
    /// The output's name is taken by a file that is not ours. Another attempt would fail alike.
    case occupied
    /// The source is gone, or is no longer as it was listed: the next run's matter.
    case sourceChanged
    /// The system refused: no memory, no space, no permission.
    case system
  }

  package let code: Code

  /// What happened, to what, and what to do.
  package let message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Another attempt cannot end otherwise.
  package var isPermanent: Bool { code != .system }
}

extension ThumbnailsError: CustomStringConvertible {
  package var description: String { message }
}
