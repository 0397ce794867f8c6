import Foundation
import JobModel
import Store

/// The machine's present boot, and when a daemon first started in it: the instant of `@reboot` schedules.
struct BootRecord: Equatable {
  var boot: String
  var firstStart: Timestamp

  // No job can have that name, so no plugin's checkpoint has that place.
  private static let job = "@carillon"
  private static let key = "boot"

  /// What random.c calls the boot's id (proc(5), /proc/sys/kernel/random/boot_id).
  static func systemBoot() throws(EngineError) -> String {
    do {
      return try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw EngineError(.io, "/proc/sys/kernel/random/boot_id cannot be read: \(error)", cause: error)
    }
  }

  /// The record of this boot, kept in the store before anything is due by it: a daemon that is killed finds the same instant again.
  static func current(_ boot: String, at now: Timestamp, in store: any Store) async throws(StoreError) -> BootRecord {
    if let bytes = try await store.checkpoint(job: job, key: key) {
      let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
      if parts.count == 2, parts[0] == boot, let start = Int64(parts[1]) {
        return BootRecord(boot: boot, firstStart: Timestamp(microseconds: start))
      }
    }
    let record = BootRecord(boot: boot, firstStart: now)
    try await store.setCheckpoint(job: job, key: key, value: Array("\(boot) \(now.microseconds)".utf8))
    return record
  }
}
