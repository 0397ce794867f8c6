import CCarillonPlugin

/// The contract's limits, as Swift counts.
enum Limits {
  static let keyBytes = Int(CARILLON_MAX_KEY_BYTES)
  static let payloadBytes = Int(CARILLON_MAX_PAYLOAD_BYTES)
  static let outputBytes = Int(CARILLON_MAX_OUTPUT_BYTES)
  static let eventBytes = Int(CARILLON_MAX_EVENT_BYTES)
  static let checkpointBytes = Int(CARILLON_MAX_CHECKPOINT_BYTES)
  static let inFlight = 4096
}
