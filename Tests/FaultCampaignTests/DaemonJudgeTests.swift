import Testing

@testable import fault_campaign

/// A judge that acquits everybody proves nothing: each of its checks is shown what it is there for.
@Suite struct DaemonJudgeTests {
  @Test func aSoundDaemonIsAcquitted() async throws {
    let remains = try await Remains()
    var judge = DaemonJudge(remains.campaign)
    try judge.look()
    try judge.close()
    #expect(judge.problems == [])
    #expect([judge.lost, judge.duplicated, judge.unaccounted] == [0, 0, 0])
    #expect(judge.words == "28 instants, 8 runs, 24 items done")
  }

  /// As in a campaign: it has looked once, while all was well.
  @Test(arguments: Crime.all)
  func everyCrimeIsSeen(_ crime: Crime) async throws {
    let remains = try await Remains()
    var judge = DaemonJudge(remains.campaign)
    try judge.look()
    try remains.commit(crime)
    try judge.close()
    #expect(judge.problems.contains { $0.contains(crime.words) }, "\(judge.problems)")
    switch crime.counts {
    case .lost: #expect(judge.lost > 0)
    case .duplicated: #expect(judge.duplicated > 0)
    case .unaccounted: #expect(judge.unaccounted > 0)
    case .none: break
    }
  }

  @Test func aDamagedFileIsSeen() async throws {
    let remains = try await Remains()
    var judge = DaemonJudge(remains.campaign)
    try judge.look()
    try remains.damage()
    do {
      try judge.look()
      #expect(judge.problems.contains { $0.contains("the file is damaged") })
    } catch let error as CampaignError {
      #expect(error.description.contains("malformed"))  // it could not even be read
    }
  }

  @Test func noStoreIsNoAcquittal() async throws {
    var campaign = try await Remains().campaign
    campaign.state += "/nowhere"
    var judge = DaemonJudge(campaign)
    #expect(throws: CampaignError.self) { try judge.close() }
  }
}
