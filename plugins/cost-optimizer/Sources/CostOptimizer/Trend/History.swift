/// What earlier runs saw of each function: how long runs took at the sizes it had, and its cost in the last months. Kept in
/// the job's checkpoint store in shards, as one value there holds 256 KiB.
package struct History: Codable, Hashable, Sendable {
  package struct Entry: Codable, Hashable, Sendable {
    /// One for each size, the newest last.
    package var sizes: [DurationModel.Observation] = []
    /// US dollars a month by month: `2026-11`.
    package var costs: [String: Double] = [:]

    package init() {}
  }

  package static let shards = 32
  package static let sizesKept = 6
  package static let monthsKept = 3

  /// By the function's name.
  package private(set) var functions: [String: Entry] = [:]

  package init() {}

  /// Which shard a function is in: the same in every process.
  package static func shard(of function: String) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
    for byte in function.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(hash % UInt64(shards))
  }

  package subscript(function: String) -> Entry { functions[function] ?? Entry() }

  /// Takes in what a run saw of one function. An unknown one keeps what is known of it.
  package mutating func add(_ report: FunctionReport, month: String) {
    var entry = self[report.function.name]
    if let seen = report.observation, seen.samples >= DurationModel.samplesNeeded {
      entry.sizes.removeAll { $0.memoryMB == seen.memoryMB }
      entry.sizes.append(seen)
      entry.sizes.removeFirst(max(entry.sizes.count - Self.sizesKept, 0))
    }
    if let cost = report.cost {
      entry.costs[month] = cost.total
      for old in entry.costs.keys.sorted().dropLast(Self.monthsKept) { entry.costs[old] = nil }
    }
    functions[report.function.name] = entry
  }

  /// Forgets functions that are no longer there.
  package mutating func keep(only names: Set<String>) { functions = functions.filter { names.contains($0.key) } }
}
