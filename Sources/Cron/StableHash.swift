/// What `H` chooses by: FNV-1a of the job's name, mixed with the field (SplitMix64's last step), so that it is the same on every
/// machine, in every version, and unlike from field to field.
struct StableHash {
  private let key: UInt64

  init(_ text: String) {
    key = text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  func value(for field: CronField) -> UInt64 {
    let ordinal = CronField.allCases.firstIndex(of: field) ?? 0
    var mixed = key &+ UInt64(ordinal + 1) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
