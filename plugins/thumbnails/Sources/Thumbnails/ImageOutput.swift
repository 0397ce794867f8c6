/// The output of an item, and the document of its `image_processed` event.
package struct ImageOutput: Codable, Hashable, Sendable {
  /// One written file.
  package struct File: Codable, Hashable, Sendable {
    /// Its path under the destination.
    package var key: String
    package var bytes: Int
    package var width: Int
    package var height: Int
  }

  /// The source's path.
  package var source: String

  /// Of the source: its bytes, and its pixels after orientation.
  package var bytes: Int
  package var width: Int
  package var height: Int

  /// By the sizes' names.
  package var sizes: [String: File]

  /// What was wrong with the source and could be borne; absent for nothing.
  package var warning: String?
}
