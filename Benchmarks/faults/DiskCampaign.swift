import ArgumentParser
import Foundation
import Seeded

/// Lets the disk run full under a run: the error is one clear line, and with room again the run is resumed without loss.
struct DiskCampaign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disk", abstract: "Fills the disk of the state directory during a run. Needs root for a small tmpfs.")

  @OptionGroup var options: CampaignOptions

  @Option(help: "How many full disks.")
  var rounds = 8

  private static let diskBytes = 64 << 20

  func run() throws {
    print("seed \(options.seed): \(rounds) full disks, runs of \(options.items) items")
    var random = SplitMix(seed: options.seed)
    let disk = URL(fileURLWithPath: options.directory).path + "/disk"
    umount2(disk, Int32(MNT_DETACH))  // of a campaign that was interrupted; there is none as a rule
    let arena = try Arena(options, state: "\(disk)/state")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    var score = Score(name: "disk")
    for round in 0..<rounds {
      guard mount("tmpfs", disk, "tmpfs", 0, "size=\(Self.diskBytes),mode=0700") == 0 else {
        print("skipped: a tmpfs cannot be mounted at \(disk): \(String(cString: strerror(errno)))")
        print("{\"faults\":\"disk\",\"skipped\":true}")
        return
      }
      defer { umount2(disk, Int32(MNT_DETACH)) }
      // From a disk on which not even the store can be made to one that runs full in the middle.
      let room = round == 0 ? 0 : Int.random(in: 1...200, using: &random) * 8_192
      let job = try arena.makeJob(round, isSerial: false)
      score.add(try play(job, room: room, disk, arena), kills: 1)
    }
    try score.finish()
  }

  private func play(_ job: CampaignJob, room: Int, _ disk: String, _ arena: Arena) throws -> Judge {
    var judge = Judge(job)
    let ballast = "\(disk)/ballast"
    try Data(count: Self.diskBytes - room).write(to: URL(fileURLWithPath: ballast))
    var end = try arena.start(["run", job.name]).wait(.seconds(300))
    let words = try arena.errors()
    var snapshot = try RunSnapshot.take(of: job.name, state: arena.state, copyTo: "\(arena.folder)/copy")
    let atEnd = "\(room >> 10) KiB: \(end.map { "\($0)" } ?? "never ended"), \(snapshot?.succeeded.count ?? 0) recorded"
    print("  \(job.name) \(atEnd): \(words.last ?? "")")
    if end == .exited(0) {
      if room < 200 << 10 { judge.blame("\(room) bytes of room were enough: nothing was tried") }
    } else {
      if end != .exited(74) { judge.blame("the exit code is not 74: \(end.map { "\($0)" } ?? "never")") }
      let complaints = words.filter { $0.contains(disk) }
      if complaints.count != 1 { judge.blame("not one line that names the place: \(words.suffix(3))") }
      if !complaints.allSatisfy({ $0.contains("full") || $0.contains("No space") }) {
        judge.blame("the line does not say what is wrong: \(complaints)")
      }
      if let snapshot { judge.look(at: snapshot, try Ledger(job.ledger)) }
      try FileManager.default.removeItem(atPath: ballast)
      end = try arena.start(snapshot.map { ["resume", $0.id] } ?? ["run", job.name]).wait(.seconds(300))
      if end != .exited(0) {
        judge.blame("with room again it ended as \(end.map { "\($0)" } ?? "never"): \(try arena.errors().suffix(3))")
      }
      snapshot = try RunSnapshot.take(of: job.name, state: arena.state, copyTo: "\(arena.folder)/copy")
    }
    guard let snapshot else { throw CampaignError("\(job.name): no run is in the store") }
    judge.close(snapshot, try Ledger(job.ledger))
    return judge
  }
}
