/// Why a run began.
package enum Trigger: String, Sendable, Codable, CaseIterable {
  case schedule
  case catchUp
  case manual
  case event
  case backfill
  case retry
}
