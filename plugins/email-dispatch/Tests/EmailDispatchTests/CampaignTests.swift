import CarillonPlugin
import Foundation
import MailCampaign
import Testing

/// A few hundred of the conversations that `make faults-mail` has ten thousand of.
@Suite struct CampaignTests {
  private let folder = ScratchFolder()

  @Test func nothingIsSentTwiceAndNothingLost() async throws {
    let seed = UInt64.random(in: 0..<1_000_000_000)
    print("mail campaign: seed \(seed)")
    let server = try ScriptedServer(ledger: "\(folder.path)/ledger.ndjson", seed: seed)
    var campaign = try Campaign(folder: folder.path, port: server.port)
    let addresses = (0..<400).map { "r\($0)@example.org" }
    for _ in 0..<60 where campaign.ends.count < addresses.count { try await campaign.round(addresses, run: "run") }
    try server.stop()
    let ledger = try server.ledger()
    #expect(campaign.findings(addresses, ledger) == [], "seed \(seed)")
    #expect(ledger.faults.count > 100)
    #expect(campaign.ends.values.count { $0 == .sent } > 150)
  }
}
