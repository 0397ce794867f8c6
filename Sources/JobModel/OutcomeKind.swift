/// What a plugin said of an attempt. The raw values are the ABI's `CARILLON_SUCCEEDED` … `CARILLON_UNAVAILABLE`.
package enum OutcomeKind: UInt32, Sendable, CaseIterable {
  case succeeded = 1
  case skipped = 2
  case retry = 3
  case failed = 4
  case rateLimited = 5
  case unavailable = 6
}
