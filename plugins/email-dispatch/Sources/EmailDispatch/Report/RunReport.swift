/// What a run came to.
struct RunReport: Encodable {
  var sent: Int
  /// On the suppression list.
  var suppressed = 0
  /// Had this mail by an earlier run, where the job says `unique`.
  var duplicates = 0
  /// Dead letters, those held because they may have arrived among them.
  var failed: Int
  /// May have arrived; held.
  var unknown = 0
  /// Sent although an earlier try may have arrived.
  var sentAgain = 0
  var elapsedSeconds = 0.0
  /// What a person should see; nil: nothing.
  var note: String?

  /// Behind the address, before the reason, of an item that is skipped for being on the suppression list.
  static let suppression = " is on the suppression list: "

  init(succeeded: Int, dead: Int) {
    sent = succeeded
    failed = dead
  }

  mutating func skip(_ reason: String) {
    if reason.contains(Self.suppression) { suppressed += 1 } else { duplicates += 1 }
  }
}

/// Who got nothing, and why, as a table.
struct FailureList {
  /// An artifact of more than this is no use to anybody.
  private static let maxRows = 100_000

  private(set) var text = "key,reason\n"
  private var rows = 0

  mutating func add(_ key: String, _ reason: String) {
    rows += 1
    guard rows <= Self.maxRows else { return }
    text += "\(Self.field(key)),\(Self.field(reason))\n"
  }

  private static func field(_ text: String) -> String { "\"\(text.replacing("\"", with: "\"\""))\"" }
}
