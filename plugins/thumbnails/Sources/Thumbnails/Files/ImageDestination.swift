/// Where thumbnails go. Calls may come from any thread and overlap.
package protocol ImageDestination: Sendable {
  /// What stands under a key.
  func state(of key: String) async throws -> OutputState

  /// Writes the outputs of one image and returns when they are durable. Each appears whole or not at all; an older one is
  /// replaced. Throws `ThumbnailsError`.
  func write(_ outputs: [(key: String, bytes: [UInt8])]) async throws

  /// A whole output, for the contact sheet. Throws `ThumbnailsError`.
  func read(_ key: String) async throws -> [UInt8]
}

/// What stands at an output's place.
package enum OutputState: Hashable, Sendable {
  case absent
  /// An output of this plugin.
  case stamped(Stamp)
  /// A file that this plugin did not write.
  case foreign
}
