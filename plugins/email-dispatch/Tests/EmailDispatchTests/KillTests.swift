import Foundation
import Testing

/// A worker that is killed in the midst of sending; `make faults-mail` kills forty.
@Suite struct KillTests {
  private let folder = ScratchFolder()

  @Test func aKilledWorkerSendsNothingTwice() throws {
    let process = Process()
    process.executableURL = Bundle.main.bundleURL.appendingPathComponent("mail-faults")
    process.arguments = ["kills", "6", folder.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    #expect(said.contains("6 kills, 360 messages") && said.contains("taken twice: 0"), "\(said)")
  }
}
