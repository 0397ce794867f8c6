import Foundation

/// The folders of a campaign, and how `carillon` is started in them.
struct Arena {
  /// Of the campaign; absolute.
  let folder: String
  let state: String
  let options: CampaignOptions

  /// - Parameter state: the state directory, when it is not the campaign's own.
  init(_ options: CampaignOptions, state: String? = nil) throws {
    self.options = options
    folder = URL(fileURLWithPath: options.directory).path
    self.state = state ?? "\(folder)/state"
    if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: "\(folder)/jobs", withIntermediateDirectories: true)
  }

  /// Starts `carillon`. What it prints goes to `output.txt` and `errors.txt` in the campaign's folder.
  func start(_ arguments: [String]) throws -> EngineProcess {
    try EngineProcess(
      program: "\(options.products)/carillon",
      arguments: arguments + ["--state-dir", state, "--jobs-dir", "\(folder)/jobs", "--plugins-dir", options.plugins],
      output: "\(folder)/output.txt", errors: "\(folder)/errors.txt")
  }

  /// What the last `carillon` said on standard error.
  func errors() throws -> [String] {
    try String(contentsOfFile: "\(folder)/errors.txt", encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// Writes the file of a job with a ledger of its own.
  func makeJob(_ number: Int, isSerial: Bool) throws -> CampaignJob {
    let job = CampaignJob(
      name: "faults-\(number)", plugin: isSerial ? "misbehaving-serial" : "misbehaving",
      ledger: "\(folder)/ledger-\(number)", items: options.items)
    try job.yaml.write(toFile: "\(folder)/jobs/\(job.name).yaml", atomically: true, encoding: .utf8)
    return job
  }
}

/// A job of short items, each of which leaves a line in a ledger once it is done.
struct CampaignJob {
  let name: String
  let plugin: String
  let ledger: String
  let items: Int

  var yaml: String {
    """
    name: \(name)
    plugin: \(plugin)
    workers: 2
    retry: {max_attempts: 50, base: 10ms, cap: 100ms}
    breaker: {cooldown: 50ms}
    config:
      items: \(items)
      work_us: 1000
      ledger: \(ledger)

    """
  }
}
