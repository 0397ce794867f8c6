import Testing

@testable import SMTPClient

@Suite struct ScramTests {
  /// The example of RFC 7677, 3.
  @Test func theExampleOfTheRFC() {
    var scram = Scram(user: "user", password: "pencil", nonce: "rOprNGfwEbeRWgbNEkqO")
    #expect(scram.first == "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")
    let final = scram.final(
      answering: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
    #expect(
      final == "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    #expect(scram.isServer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="))
    #expect(!scram.isServer("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95H4="))
  }

  @Test(arguments: [
    "", "r=other,s=AAAA,i=4096", "r=nonce,s=AAAA,i=4096", "r=nonceX,s=,i=4096", "r=nonceX,s=AAAA,i=1",
    "r=nonceX,s=AAAA,i=999999999",
  ])
  func challengesThatAreNone(_ challenge: String) {
    var scram = Scram(user: "u", password: "p", nonce: "nonce")
    #expect(scram.final(answering: challenge) == nil)
    #expect(!scram.isServer("v="))
  }
}
