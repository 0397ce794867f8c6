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
    /// The source is gone, or changed while it was read.
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
  package var isPermanent: Bool {
    switch code {
    case .unreadable, .overLimit, .occupied: true
    case .sourceChanged, .system: false
    }
  }
}

extension ThumbnailsError: CustomStringConvertible {
  package var description: String { message }
}
