import Foundation
import JobModel
import Testing

/// A simulated year: the ledger accounts for every due instant exactly once, as a model says that was written from the policies
/// alone. `CARILLON_YEAR_SCHEDULES=1000` for the full size, `CARILLON_YEAR_SEED` to see one again.
@Suite(.timeLimit(.minutes(60))) struct YearTests {
  @Test func theLedgerAccountsForEveryInstantOnce() async throws {
    let environment = ProcessInfo.processInfo.environment
    let schedules = environment["CARILLON_YEAR_SCHEDULES"].flatMap(Int.init) ?? 30
    let seed = environment["CARILLON_YEAR_SEED"].flatMap(UInt64.init) ?? .random(in: .min ... .max)
    print("year: \(schedules) schedules, seed \(seed)")
    let year = try await YearSimulation(schedules: schedules, seed: seed)
    try await year.run()
    let (lines, fates) = try await year.differences()
    print(
      "year: \(year.turns) turns, \(year.mishaps) mishaps,",
      fates.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($1) \($0.name)" })
    #expect(lines.isEmpty, "\(lines.count) differences, seed \(seed):\n\(lines.prefix(20).joined(separator: "\n"))")
    #expect(fates.values.reduce(0, +) > schedules * 50)
    #expect(Set(fates.keys) == Set(InstantFate.allCases) || schedules < 200, "no instant of some fate: the year tells little")
  }
}
