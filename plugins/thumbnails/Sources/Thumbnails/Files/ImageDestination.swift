/// Where thumbnails go. Calls may come from any thread and overlap.
package protocol ImageDestination: Sendable {
  /// What stands under a key.
  func look(at key: String) async throws -> OutputPlace

  /// Writes the outputs of one image and returns when they are durable. Each appears whole or not at all, in the place of what was
  /// seen there. Throws `ThumbnailsError`.
  func write(_ outputs: [Output]) async throws

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

/// An output's place as it was seen.
package struct OutputPlace: Hashable, Sendable {
  package var state: OutputState
  /// Of what stands there, in S3: nothing else is written over.
  package var eTag: String?

  package init(_ state: OutputState, eTag: String? = nil) {
    self.state = state
    self.eTag = eTag
  }
}

/// An output to be written.
package struct Output: Hashable, Sendable {
  package var key: String
  package var bytes: [UInt8]
  /// What it replaces.
  package var place: OutputPlace

  package init(key: String, bytes: [UInt8], over place: OutputPlace) {
    self.key = key
    self.bytes = bytes
    self.place = place
  }
}
